#include "apps/viewer/scene/panel.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace nabla::viewer {

PanelSet ParsePanels(std::string_view names) {
  if (names == "all") return PanelSet().set();
  PanelSet set;
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    const std::string_view name = names.substr(0, comma);
    names.remove_prefix(std::min(comma + 1, names.size()));
    const auto row = std::find_if(kPanelTable.begin(), kPanelTable.end(),
                                  [&](const PanelInfo& info) { return info.name == name; });
    if (row == kPanelTable.end()) {
      std::string known = "all";
      for (const PanelInfo& info : kPanelTable) known += ", " + std::string(info.name);
      throw std::invalid_argument("unknown panel '" + std::string(name) +
                                  "'; the panels are: " + known);
    }
    set.set(IndexOf(row->panel));
  }
  return set;
}

}  // namespace nabla::viewer
