#include "config/describe.h"

#include "config/error.h"
#include "config/scalar.h"

namespace nabla::config {
namespace {

template <class T>
void SetScalar(Entry& entry, const char* type, const T& value) {
  entry.type = type;
  try {
    entry.text = ToYaml(value);
  } catch (const Error& error) {
    throw Error(entry.path + ": " + error.what());
  }
}

}  // namespace

void Describer::Value(Entry& entry, bool value) { SetScalar(entry, "true or false", value); }
void Describer::Value(Entry& entry, int value) { SetScalar(entry, "integer", value); }
void Describer::Value(Entry& entry, std::int64_t value) { SetScalar(entry, "integer", value); }
void Describer::Value(Entry& entry, std::uint64_t value) { SetScalar(entry, "integer", value); }
void Describer::Value(Entry& entry, double value) { SetScalar(entry, "number", value); }
void Describer::Value(Entry& entry, std::string& value) { SetScalar(entry, "text", value); }

void Describer::Value(Entry& entry, std::map<std::string, std::vector<double>>& value) {
  entry.type = "named numbers";
  for (auto& [name, numbers] : value) {
    Entry item;
    SetScalar(item, "", name);
    item.key = item.text;
    item.path = entry.path + "." + name;
    if (numbers.size() == 1) {
      Value(item, numbers.front());
    } else {
      Value(item, numbers);
    }
    entry.entries.push_back(std::move(item));
  }
}

Entry& Describer::Add(const char* key, const char* doc) {
  Entry& entry = section_->entries.emplace_back();
  entry.key = key;
  entry.path = section_->path + (section_->path.empty() ? "" : ".") + key;
  entry.doc = doc;
  return entry;
}

void Describer::AddChoice(const char* key, const std::vector<std::string>& names,
                          std::size_t chosen, const char* doc) {
  Entry& entry = Add(key, doc);
  SetScalar(entry, "text", names[chosen]);
  Range(&entry).OneOf(names);
}

void Describer::MarkAlternative(std::size_t first_entry, const std::string& when, bool active) {
  for (std::size_t i = first_entry; i < section_->entries.size(); ++i) {
    Entry& entry = section_->entries[i];
    entry.when = entry.when.empty() ? when : when + ", " + entry.when;
    entry.active = entry.active && active;
  }
}

void Describer::SetList(Entry& entry, const std::string& item_type,
                        const std::vector<std::string>& items) {
  entry.type = "[" + item_type + "]";
  entry.text = "[";
  for (std::size_t i = 0; i < items.size(); ++i) entry.text += (i > 0 ? ", " : "") + items[i];
  entry.text += "]";
}

void Describer::SetNull(Entry& entry) {
  entry.text = "null";
  for (Entry& inner : entry.entries) inner.active = false;
}

Describer::Range& Describer::Range::Between(double lowest, double highest) {
  return Append(ToYaml(lowest) + " to " + ToYaml(highest));
}

Describer::Range& Describer::Range::AtLeast(double lowest) {
  return Append("at least " + ToYaml(lowest));
}

Describer::Range& Describer::Range::Above(double bound) { return Append("above " + ToYaml(bound)); }

Describer::Range& Describer::Range::OneOfNames(const std::vector<std::string>& choices) {
  std::string text = "one of ";
  for (std::size_t i = 0; i < choices.size(); ++i) text += (i > 0 ? ", " : "") + choices[i];
  return Append(text);
}

Describer::Range& Describer::Range::Append(const std::string& text) {
  entry_->range += (entry_->range.empty() ? "" : ", ") + text;
  return *this;
}

std::vector<KnownKey> AllKeys(const Entry& section) {
  std::vector<KnownKey> keys;
  for (const Entry& entry : section.entries) {
    keys.push_back({entry.path, entry.when});
    const std::vector<KnownKey> inner = AllKeys(entry);
    keys.insert(keys.end(), inner.begin(), inner.end());
  }
  return keys;
}

}  // namespace nabla::config
