#include "config/parse.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "config/error.h"
#include "config/scalar.h"

namespace nabla::config {
namespace {

constexpr std::size_t kDeepest = 100;                  // levels of nesting
constexpr std::size_t kLargestText = 4 * 1024 * 1024;  // bytes

constexpr const char* kNoAliases = "aliases (*name) are not supported; write the value itself";

// Converts positions of yaml-cpp (bytes, from 0) to those of an editor (characters, from 1).
class PlaceFinder {
 public:
  PlaceFinder(const std::string& text, int source) : text_(text), source_(source) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') line_starts_.push_back(i + 1);
    }
  }

  Place At(const YAML::Mark& mark) const {
    const auto line = static_cast<std::size_t>(std::max(0, mark.line));
    if (line >= line_starts_.size()) return AtByte(text_.size());
    return AtByte(std::min(text_.size(), line_starts_[line] + std::max(0, mark.column)));
  }

  Place AtByte(std::size_t byte) const {
    if (source_ > 0) return {source_, 0, 0};
    const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), byte);
    const std::size_t line_start = *(next - 1);
    // Continues from the last place where possible: counting from the start of the line each time
    // takes quadratic time on a long line.
    if (counted_to_ < line_start || counted_to_ > byte) {
      counted_to_ = line_start;
      column_ = 1;
    }
    for (; counted_to_ < byte; ++counted_to_) {
      if ((static_cast<unsigned char>(text_[counted_to_]) & 0xC0) != 0x80) ++column_;
    }
    return {source_, static_cast<int>(next - line_starts_.begin()), column_};
  }

 private:
  const std::string& text_;
  int source_;
  std::vector<std::size_t> line_starts_;
  mutable std::size_t counted_to_ = 0;  // byte of the last place, and its column
  mutable int column_ = 1;
};

// A message about a place, thrown from inside the parser.
struct Problem {
  Place place;
  std::string text;
};

// Receives yaml-cpp's events and builds the tree. (YAML::Node does not keep the places of keys, and
// silently keeps the last of two equal keys.)
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const PlaceFinder& places) : places_(places) {}

  // The tree, after all events.
  Node TakeRoot() {
    if (key_problem_) throw *key_problem_;
    return std::move(root_);
  }

  // The innermost '[' or '{' that is still open; null if there is none.
  const Node* UnclosedBracket() const {
    return open_.empty() || !open_.back().bracket ? nullptr : &open_.back().node;
  }

  void OnDocumentStart(const YAML::Mark& mark) override { root_.place = places_.At(mark); }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node = Make(Node::Kind::kNull, mark, "", anchor);
    if (open_.empty() || !open_.back().has_key) {
      if (KeyExpected()) Fail(node.place, "a key must be text; put it in quotes");
    } else {
      node.place = open_.back().key.place;
    }
    Add(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Fail(places_.At(mark), kNoAliases);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = Make(Node::Kind::kText, mark, tag, anchor);
    node.text = value;
    node.quoted = tag == "!";
    if (KeyExpected()) {
      if (value == "<<" && !node.quoted) {
        Fail(node.place, "merge keys (<<) are not supported; write the keys themselves");
      }
      SetKey({value, node.place});
    } else {
      Add(std::move(node));
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    Open(Make(Node::Kind::kSequence, mark, tag, anchor), style);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    Open(Make(Node::Kind::kMapping, mark, tag, anchor), style);
  }
  void OnMapEnd() override { Close(); }

 private:
  struct OpenNode {
    Node node;
    bool bracket = false;  // written as [...] or {...}
    bool has_key = false;
    Key key;
    std::map<std::string, Place> seen;  // places of the keys so far
  };

  bool KeyExpected() const {
    return !open_.empty() && open_.back().node.kind == Node::Kind::kMapping &&
           !open_.back().has_key;
  }

  Node Make(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) const {
    Node node;
    node.kind = kind;
    node.place = places_.At(mark);
    if (anchor != 0) {
      Fail(node.place, "anchors (&name) are not supported; write the value itself");
    }
    const bool plain = tag.empty() || tag == "?" || tag == "!";
    if (!plain) Fail(node.place, "tags (" + Quoted(tag) + ") are not supported");
    return node;
  }

  void SetKey(Key key) {
    OpenNode& mapping = open_.back();
    const auto [first, is_new] = mapping.seen.emplace(key.name, key.place);
    if (!is_new) {
      std::string text = Path(key.name) + ": duplicate key";
      if (first->second.line > 0) text += ", first in line " + std::to_string(first->second.line);
      Fail(key.place, text);
    }
    mapping.key = std::move(key);
    mapping.has_key = true;
  }

  std::string Path(const std::string& last) const {
    std::string path;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
      if (open_[i].has_key) path += open_[i].key.name + ".";
    }
    return path + last;
  }

  void Open(Node node, YAML::EmitterStyle::value style) {
    if (KeyExpected()) {
      // Reported at the end: yaml-cpp also takes a '[' that is never closed for a key, and reports
      // that only at the end.
      if (!key_problem_) {
        key_problem_ = Problem{node.place, "a key must be text, not a list or a mapping"};
      }
      open_.back().has_key = true;
    }
    if (open_.size() >= kDeepest) {
      Fail(node.place, "nested more than " + std::to_string(kDeepest) + " levels deep");
    }
    open_.push_back({std::move(node), style == YAML::EmitterStyle::Flow, false, {}, {}});
  }

  [[noreturn]] void Fail(const Place& place, const std::string& text) const {
    throw key_problem_.value_or(Problem{place, text});
  }

  void Close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    Add(std::move(node));
  }

  void Add(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    OpenNode& parent = open_.back();
    if (parent.node.kind == Node::Kind::kMapping) {
      parent.node.keys.push_back(std::move(parent.key));
      parent.has_key = false;
    }
    parent.node.items.push_back(std::move(node));
  }

  const PlaceFinder& places_;
  std::vector<OpenNode> open_;
  std::optional<Problem> key_problem_;
  Node root_;
};

// yaml-cpp would replace bytes that are not UTF-8, and take byte 0x04 for the end of the file.
void CheckCharacters(const std::string& text, const PlaceFinder& places) {
  if (text.size() > kLargestText) {
    throw Problem{places.AtByte(0), "larger than " + std::to_string(kLargestText) + " bytes"};
  }
  const auto forbidden = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
  };
  const auto control = std::find_if(text.begin(), text.end(), forbidden);
  const auto position = static_cast<std::size_t>(control - text.begin());
  const std::size_t bad = std::min(position, FirstNonUtf8(text));
  if (bad < text.size()) {
    throw Problem{places.AtByte(bad), "not UTF-8 text: byte " + Quoted({&text[bad], 1})};
  }
}

// Explains an error of yaml-cpp, with a remedy.
Problem Explain(const YAML::Exception& error, const TreeBuilder& builder,
                const PlaceFinder& places) {
  namespace Message = YAML::ErrorMsg;
  const std::string& text = error.msg;
  const Node* bracket = builder.UnclosedBracket();
  if (bracket != nullptr &&
      (text == Message::END_OF_SEQ_FLOW || text == Message::END_OF_MAP_FLOW)) {
    const bool is_list = bracket->kind == Node::Kind::kSequence;
    return {bracket->place, is_list ? "this '[' is not closed" : "this '{' is not closed"};
  }
  const bool is_scalar = text == "unexpected scalar";  // the message of yaml-cpp 0.9
  if (is_scalar || text == Message::END_OF_MAP || text == Message::END_OF_SEQ) {
    return {places.At(error.mark),
            "this does not belong here; check the indentation and the quotes"};
  }
  if (text == Message::MAP_VALUE) {
    return {places.At(error.mark),
            "':' is not allowed here; indent with spaces, and quote text that contains ': '"};
  }
  if (text.starts_with(Message::UNKNOWN_ANCHOR)) return {places.At(error.mark), kNoAliases};
  return {places.At(error.mark), "not valid YAML: " + OneLine(text, 200)};
}

Node ParseTree(const std::string& text, const PlaceFinder& places) {
  CheckCharacters(text, places);
  TreeBuilder builder(places);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    Node root = builder.TakeRoot();
    TreeBuilder rest(places);
    if (parser.HandleNextDocument(rest)) {
      throw Problem{rest.TakeRoot().place,
                    "a second document begins here; a config is a single mapping"};
    }
    return root;
  } catch (const YAML::Exception& e) {
    throw Explain(e, builder, places);
  }
}

}  // namespace

Node ParseYaml(const std::string& text, int source, const Document& names) {
  const PlaceFinder places(text, source);
  try {
    return ParseTree(text, places);
  } catch (const Problem& problem) {
    throw Error(names.Where(problem.place) + problem.text);
  }
}

}  // namespace nabla::config
