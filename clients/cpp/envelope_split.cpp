#include "clients/cpp/envelope_split.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

using core::Code;
using core::fail;

constexpr std::string_view kSpace = " \t\r\n";

bool is_space(char c) { return kSpace.contains(c); }

// Reads forward through a text. A failed step leaves at() where the grammar broke.
class Scanner {
 public:
  explicit Scanner(std::string_view text, std::size_t from = 0) : text_(text), at_(from) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] char peek() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  [[nodiscard]] bool at_end() {
    char const next = peek();
    return next == '\0' && at_ == text_.size();
  }
  bool take(char c) {
    if (peek() != c || at_ == text_.size()) return false;
    ++at_;
    return true;
  }

  // The bytes of the next value, whatever it is.
  std::optional<std::string_view> value() {
    char const first = peek();
    auto const begin = at_;
    bool good = false;
    if (first == '{' || first == '[') {
      good = nested();
    } else if (first == '"') {
      good = string();
    } else {
      good = scalar();
    }
    if (!good) return std::nullopt;
    return text_.substr(begin, at_ - begin);
  }

  // Calls `element` before each element of the array that begins here; it takes the element and returns false to give
  // up.
  template <class Element>
  bool array(Element element) {
    if (!take('[')) return false;
    if (take(']')) return true;
    do {
      if (!element()) return false;
    } while (take(','));
    return take(']');
  }

  // As array(), with the quoted name of each member.
  template <class Member>
  bool object(Member member) {
    if (!take('{')) return false;
    if (take('}')) return true;
    do {
      if (peek() != '"') return false;
      auto const name = value();
      if (!name || !take(':') || !member(*name)) return false;
    } while (take(','));
    return take('}');
  }

 private:
  bool string() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        return true;
      }
      if (text_[at_] == '\\') ++at_;
      if (at_ < text_.size() && static_cast<unsigned char>(text_[at_]) < 0x20) return false;
    }
    at_ = text_.size();
    return false;
  }

  bool scalar() {
    auto const begin = at_;
    while (at_ < text_.size() && !is_space(text_[at_]) && !std::string_view("{}[]:,\"").contains(text_[at_])) ++at_;
    return at_ > begin;
  }

  bool nested() {
    std::string open;  // the closers that are due
    while (at_ < text_.size()) {
      char const c = text_[at_];
      if (c == '"') {
        if (!string()) return false;
        continue;
      }
      if (c == '{') open += '}';
      if (c == '[') open += ']';
      if (c == '}' || c == ']') {
        if (open.back() != c) return false;
        open.pop_back();
      }
      ++at_;
      if (open.empty()) return true;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_;
};

std::unexpected<core::Error> syntax_failure(std::string_view text, std::size_t offset) {
  bool const ended = offset >= text.size();
  return fail(
      Code::json_syntax,
      (ended ? "The text ends before its JSON value is complete, at " : "The text breaks the JSON grammar at ") +
          place_of(text, offset) + ".",
      {}, "Check the text with a JSON parser.");
}

// The members of one top-level object that matter here, as slices.
struct Members {
  std::optional<std::string_view> type, more, next, objects;
};

std::string decoded_name(std::string_view quoted) {
  if (!quoted.contains('\\')) return std::string(quoted.substr(1, quoted.size() - 2));
  auto parsed = stix::parse_json(quoted);
  return parsed && parsed->is_string() ? parsed->get<std::string>() : std::string();
}

core::Result<Members> read_members(Scanner& scanner, std::string_view text) {
  Members out;
  std::optional<core::Error> duplicate;
  bool const good = scanner.object([&](std::string_view quoted) {
    auto const name = decoded_name(quoted);
    auto* slot = name == "type"      ? &out.type
                 : name == "more"    ? &out.more
                 : name == "next"    ? &out.next
                 : name == "objects" ? &out.objects
                                     : nullptr;
    auto const begin = scanner.at();
    auto const value = scanner.value();
    if (!value) return false;
    if (slot != nullptr && *slot) {
      duplicate =
          core::Error{Code::json_duplicate_name,
                      "The name " + name + " occurs a second time in its object at " + place_of(text, begin) + ".", "",
                      "Give every name once."};
      return false;
    }
    if (slot != nullptr) *slot = *value;
    return true;
  });
  if (duplicate) return std::unexpected(std::move(*duplicate));
  if (!good) return syntax_failure(text, scanner.at());
  return out;
}

// Appends the elements of `array`, a slice of `text`, each of which must be an object.
core::Result<void> append_elements(std::string_view text, std::string_view array, std::vector<std::string_view>& out) {
  auto const offset = static_cast<std::size_t>(array.data() - text.data());
  Scanner scanner(array);
  bool wrong_kind = false;
  bool const good = scanner.array([&] {
    wrong_kind = scanner.peek() != '{';
    auto const value = wrong_kind ? std::nullopt : scanner.value();
    if (value) out.push_back(*value);
    return value.has_value();
  });
  if (good) return {};
  auto const at = offset + scanner.at();
  if (!wrong_kind) return syntax_failure(text, at);
  return fail(Code::envelope_invalid,
              "A member of the list of objects is not a JSON object, at " + place_of(text, at) + ".", {},
              "List STIX objects only.");
}

bool is_array(std::optional<std::string_view> const& slice) { return slice && slice->starts_with('['); }

// Appends the objects of `value`, one top-level value of the input.
core::Result<void> append_objects(std::string_view text, std::string_view value, std::vector<std::string_view>& out) {
  auto const begin = static_cast<std::size_t>(value.data() - text.data());
  if (value.starts_with('[')) return append_elements(text, value, out);
  if (!value.starts_with('{')) {
    return fail(Code::envelope_invalid, "The value is not a JSON object or array, at " + place_of(text, begin) + ".",
                {}, "Give a STIX bundle, a TAXII envelope, a JSON array or single objects.");
  }
  Scanner scanner(text.substr(0, begin + value.size()), begin);
  auto members = read_members(scanner, text);
  if (!members) return std::unexpected(std::move(members.error()));
  bool const is_bundle = members->type == R"("bundle")";
  bool const is_envelope = !members->type && is_array(members->objects);
  if (!is_bundle && !is_envelope) {
    out.push_back(value);
    return {};
  }
  if (!members->objects) return {};
  if (is_array(members->objects)) return append_elements(text, *members->objects, out);
  return fail(Code::envelope_invalid, "The member objects of the bundle is no list, at " + place_of(text, begin) + ".",
              {}, "List the STIX objects of the bundle in it.");
}

}  // namespace

std::string place_of(std::string_view text, std::size_t offset) {
  auto const before = text.substr(0, offset);
  auto const line = std::ranges::count(before, '\n') + 1;
  auto const column = before.size() - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0: the first line
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

core::Result<Envelope> split_envelope(std::string_view text) {
  Scanner scanner(text);
  if (scanner.peek() != '{')
    return fail(Code::envelope_invalid, "The answer is not a TAXII envelope: it is no JSON object.");
  auto members = read_members(scanner, text);
  if (!members) return std::unexpected(std::move(members.error()));
  if (!scanner.at_end()) return syntax_failure(text, scanner.at());
  Envelope out;
  if (members->more && *members->more != "true" && *members->more != "false") {
    return fail(Code::envelope_invalid, "The member more of the envelope is neither true nor false.");
  }
  out.more = members->more && *members->more == "true";
  if (members->next) {
    auto next = stix::parse_json(*members->next);
    if (!next || !next->is_string())
      return fail(Code::envelope_invalid, "The member next of the envelope is no string.");
    out.next = next->get<std::string>();
  }
  if (members->objects) {
    if (!is_array(members->objects))
      return fail(Code::envelope_invalid, "The member objects of the envelope is no list.");
    if (auto done = append_elements(text, *members->objects, out.objects); !done) return std::unexpected(done.error());
  }
  return out;
}

std::string in_place(std::string_view text, std::size_t begin, std::size_t end) {
  std::string out(text.substr(0, end));
  std::replace_if(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(begin), [](char c) { return c != '\n'; }, ' ');
  return out;
}

core::Result<std::string_view> split_event(std::string_view data) {
  Scanner scanner(data);
  std::string_view object;
  int found = 0;
  bool const good = scanner.object([&](std::string_view name) {
    auto const value = scanner.value();
    if (value && name == "\"object\"") {
      object = *value;
      ++found;
    }
    return value.has_value();
  });
  if (!good || !scanner.at_end() || found != 1 || !object.starts_with('{'))
    return fail(Code::envelope_invalid, "An event of the server carries no object.");
  return object;
}

core::Result<std::vector<std::string_view>> split_input(std::string_view text) {
  std::vector<std::string_view> out;
  Scanner scanner(text);
  while (!scanner.at_end()) {
    auto const begin = scanner.at();
    auto const value = scanner.value();
    auto done = value ? append_objects(text, *value, out) : syntax_failure(text, scanner.at());
    if (done) continue;
    // The strict parser finds a mistake where it is; the scanner only where brackets stop matching.
    if (done.error().code == Code::json_syntax) {
      auto parsed = stix::parse_json(in_place(text, begin, value ? scanner.at() : text.size()));
      if (!parsed) return std::unexpected(std::move(parsed.error()));
    }
    return std::unexpected(std::move(done.error()));
  }
  return out;
}

}  // namespace tocsin::client
