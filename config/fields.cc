#include "config/fields.h"

#include "config/error.h"
#include "config/scalar.h"

namespace nabla::config {
namespace {

template <class T>
void SetScalar(Field& field, const char* type, const T& value) {
  field.type = type;
  try {
    field.text = ToYaml(value);
  } catch (const Error& error) {
    throw Error(field.path + ": " + error.what());
  }
}

}  // namespace

void FieldCollector::Value(Field& field, bool value) { SetScalar(field, "true or false", value); }
void FieldCollector::Value(Field& field, int value) { SetScalar(field, "integer", value); }
void FieldCollector::Value(Field& field, std::int64_t value) { SetScalar(field, "integer", value); }
void FieldCollector::Value(Field& field, std::uint64_t value) {
  SetScalar(field, "integer", value);
}
void FieldCollector::Value(Field& field, double value) { SetScalar(field, "number", value); }
void FieldCollector::Value(Field& field, std::string& value) { SetScalar(field, "text", value); }

void FieldCollector::Value(Field& field, std::map<std::string, std::vector<double>>& value) {
  field.type = "named numbers";
  for (auto& [name, numbers] : value) {
    Field item;
    SetScalar(item, "", name);
    item.key = item.text;
    item.path = field.path + "." + name;
    if (numbers.size() == 1) {
      Value(item, numbers.front());
    } else {
      Value(item, numbers);
    }
    field.fields.push_back(std::move(item));
  }
}

Field& FieldCollector::Add(const char* key, const char* doc) {
  Field& field = section_->fields.emplace_back();
  field.key = key;
  field.path = section_->path + (section_->path.empty() ? "" : ".") + key;
  field.doc = doc;
  return field;
}

void FieldCollector::AddChoice(const char* key, const std::vector<std::string>& names,
                               std::size_t chosen, const char* doc) {
  Field& field = Add(key, doc);
  SetScalar(field, "text", names[chosen]);
  Range(&field).OneOf(names);
}

void FieldCollector::MarkAlternative(std::size_t first_field, const std::string& when,
                                     bool active) {
  for (std::size_t i = first_field; i < section_->fields.size(); ++i) {
    Field& field = section_->fields[i];
    field.when = field.when.empty() ? when : when + ", " + field.when;
    field.active = field.active && active;
  }
}

void FieldCollector::SetList(Field& field, const std::string& item_type,
                             const std::vector<std::string>& items) {
  field.type = "[" + item_type + "]";
  field.text = "[";
  for (std::size_t i = 0; i < items.size(); ++i) field.text += (i > 0 ? ", " : "") + items[i];
  field.text += "]";
}

void FieldCollector::SetNull(Field& field) {
  field.text = "null";
  for (Field& inner : field.fields) inner.active = false;
}

FieldCollector::Range& FieldCollector::Range::Between(double lowest, double highest) {
  return Append(ToYaml(lowest) + " to " + ToYaml(highest));
}

FieldCollector::Range& FieldCollector::Range::AtLeast(double lowest) {
  return Append("at least " + ToYaml(lowest));
}

FieldCollector::Range& FieldCollector::Range::Above(double bound) {
  return Append("above " + ToYaml(bound));
}

std::string FieldCollector::OneOfText(const std::vector<std::string>& choices) {
  std::string text = "one of ";
  for (std::size_t i = 0; i < choices.size(); ++i) text += (i > 0 ? ", " : "") + choices[i];
  return text;
}

FieldCollector::Range& FieldCollector::Range::OneOfNames(const std::vector<std::string>& choices) {
  return Append(OneOfText(choices));
}

FieldCollector::Range& FieldCollector::Range::Append(const std::string& text) {
  field_->range += (field_->range.empty() ? "" : ", ") + text;
  return *this;
}

std::vector<KnownKey> AllKeys(const Field& section) {
  std::vector<KnownKey> keys;
  for (const Field& field : section.fields) {
    keys.push_back({field.path, field.when});
    const std::vector<KnownKey> inner = AllKeys(field);
    keys.insert(keys.end(), inner.begin(), inner.end());
  }
  return keys;
}

}  // namespace nabla::config
