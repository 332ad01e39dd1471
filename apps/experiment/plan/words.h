// Enumerations as words in files and messages. The enumerators count from 0, and Words(E) beside
// the enumeration lists their words in this order.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

namespace nabla::experiment {

template <class E>
const char* WordOf(E value) {
  return Words(value).at(static_cast<std::size_t>(value));
}

// Nothing for an unknown word.
template <class E>
std::optional<E> FromWord(std::string_view word) {
  const auto words = Words(E{});
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<E>(found - words.begin());
}

}  // namespace nabla::experiment
