#include "apps/experiment/report/search_section.h"

#include <spdlog/fmt/fmt.h>

#include "apps/experiment/report/search_results.h"

namespace nabla::experiment {
namespace {

constexpr std::size_t kRowsOnPage = 20;

}  // namespace

std::vector<Section> SearchSections(const ExperimentPaths& paths) {
  const std::vector<Table> tables = SearchTables(paths, kRowsOnPage);
  if (tables.empty()) return {};
  std::string html =
      "<p>The configurations above are the trials that reached the highest rung. The best of many "
      "noisy scores is biased upwards: train the best trial with new seeds to confirm it.</p>\n";
  for (const Table& table : tables) html += ToHtml(table);
  std::error_code error;
  if (std::filesystem::exists(paths.best(), error)) {
    html += fmt::format("<p>The best trial as a task file:</p>\n<pre>{}</pre>\n",
                        Escaped("nabla train " + paths.best().string()));
  }
  return {{"search", "Search", html}};
}

}  // namespace nabla::experiment
