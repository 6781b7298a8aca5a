#include "schema/stix/json.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/stix/json_sentences.hpp"

namespace tocsin::stix {
namespace {

using core::Code;

constexpr std::uint64_t kLargestInteger = (std::uint64_t{1} << 53) - 1;
constexpr double kPastIntegers = 9007199254740992.0;  // 2^53
constexpr double kFirstExponent = 1e21;               // from here on the RFC 8785 form has an exponent

// How far the lexer has read. The handler is told of events without their place, so it looks here.
struct Source {
  char const* at;
  char const* end;
};

// The iterator pair that the library wants, both halves looking at one Source.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = char const*;
  using reference = char const&;

  explicit Cursor(Source& source) : source_(&source) {}
  reference operator*() const { return *source_->at; }
  Cursor& operator++() {
    ++source_->at;
    return *this;
  }
  void operator++(int) { ++source_->at; }
  friend bool operator==(Cursor const& a, Cursor const&) { return a.source_->at == a.source_->end; }

 private:
  Source* source_;
};

// Builds the document in the pass that checks it. The methods are the events of the library's SAX interface; false ends
// the parse.
class Builder {
 public:
  Builder(std::string_view text, Source const& source, std::size_t depth)
      : text_(text), source_(source), depth_(depth) {
    open_.reserve(16);
  }

  bool null() { return place(nullptr) != nullptr; }
  bool boolean(bool value) { return place(value) != nullptr; }
  bool string(Json::string_t& value) { return place(std::as_const(value)) != nullptr; }
  bool binary(Json::binary_t&) { return false; }  // text has none
  bool number_integer(Json::number_integer_t value) {
    if (value < -static_cast<std::int64_t>(kLargestInteger)) return stop(Code::json_number_range, number_start());
    return place(value) != nullptr;
  }
  bool number_unsigned(Json::number_unsigned_t value) {
    if (value > kLargestInteger) return stop(Code::json_number_range, number_start());
    return place(value) != nullptr;
  }
  bool number_float(Json::number_float_t value, Json::string_t const& token);

  bool start_object(std::size_t) { return enter(Json::value_t::object); }
  bool start_array(std::size_t) { return enter(Json::value_t::array); }
  bool end_object() { return leave(); }
  bool end_array() { return leave(); }
  bool key(Json::string_t& name);

  bool parse_error(std::size_t consumed, std::string const& token, nlohmann::detail::exception const& problem);

  [[nodiscard]] std::optional<JsonStop> const& stopped() const { return stop_; }
  [[nodiscard]] bool complete() const { return placed_root_ && open_.empty(); }
  [[nodiscard]] Json take() { return std::move(root_); }

 private:
  // An open array or object; the pointers spare the hot path the type check of the library's accessors.
  struct Open {
    Json::object_t* object;
    Json::array_t* array;
  };

  template <class Value>
  Json* place(Value&& value);
  bool enter(Json::value_t kind);
  bool leave() {
    open_.pop_back();
    return true;
  }
  bool stop(Code code, std::size_t offset) {
    stop_ = JsonStop{code, offset};
    return false;
  }
  [[nodiscard]] std::size_t read() const { return static_cast<std::size_t>(source_.at - text_.data()); }
  [[nodiscard]] std::size_t number_start() const;
  [[nodiscard]] std::size_t name_start() const;

  std::string_view text_;
  Source const& source_;
  std::size_t depth_;
  Json root_;
  bool placed_root_ = false;
  std::vector<Open> open_;
  Json* member_ = nullptr;  // where the value of the last name goes
  std::optional<JsonStop> stop_;
};

template <class Value>
Json* Builder::place(Value&& value) {
  if (open_.empty()) {
    root_ = Json(std::forward<Value>(value));
    placed_root_ = true;
    return &root_;
  }
  if (auto* array = open_.back().array) return &array->emplace_back(std::forward<Value>(value));
  *member_ = Json(std::forward<Value>(value));
  return member_;
}

bool Builder::enter(Json::value_t kind) {
  if (open_.size() == depth_) return stop(Code::json_too_deep, read() - 1);
  Json* made = place(kind);
  open_.push_back({made->get_ptr<Json::object_t*>(), made->get_ptr<Json::array_t*>()});
  return true;
}

bool Builder::key(Json::string_t& name) {
  auto& object = *open_.back().object;
  auto const before = object.size();
  // Canonical text has its names in order, so the end is the best guess there is.
  auto it = object.try_emplace(object.end(), std::as_const(name));
  if (object.size() == before) {
    stop_ = JsonStop{Code::json_duplicate_name, name_start(), name};
    return false;
  }
  member_ = &it->second;
  return true;
}

// A number whose canonical form is an integer becomes an integer here, so the document equals the one its canonical
// text makes. That form must obey the range of integers, or the canonical text would be refused.
bool Builder::number_float(Json::number_float_t value, Json::string_t const& token) {
  bool const integer_literal = token.find_first_not_of("-0123456789") == std::string::npos;
  double const magnitude = std::abs(value);
  if (integer_literal || (magnitude >= kPastIntegers && magnitude < kFirstExponent)) {
    return stop(Code::json_number_range, number_start());
  }
  if (magnitude >= kFirstExponent || std::trunc(value) != value) return place(value) != nullptr;
  if (value < 0) return place(static_cast<Json::number_integer_t>(value)) != nullptr;
  return place(static_cast<Json::number_unsigned_t>(magnitude)) != nullptr;
}

// The lexer may have read one byte past the number.
std::size_t Builder::number_start() const {
  constexpr std::string_view kBytes = "+-.0123456789Ee";
  std::size_t last = std::min(read(), text_.size());
  if (last > 0 && kBytes.find(text_[last - 1]) == std::string_view::npos) --last;
  auto before = text_.substr(0, last).find_last_not_of(kBytes);
  return before == std::string_view::npos ? 0 : before + 1;
}

// Back from the closing quote to the one that opens the name: the nearest that no odd run of backslashes escapes.
std::size_t Builder::name_start() const {
  std::size_t quote = read() - 1;
  for (;;) {
    quote = text_.rfind('"', quote - 1);
    auto other = text_.find_last_not_of('\\', quote - 1);
    if ((quote - 1 - other) % 2 == 0) return quote;
  }
}

// True when the six bytes that end at `last` are the escape of a surrogate whose third hexadecimal digit is in `range`.
bool is_surrogate_escape(std::string_view text, std::size_t last, std::string_view range) {
  if (last < 5 || last >= text.size()) return false;
  auto escape = text.substr(last - 5, 6);
  if (!escape.starts_with("\\u") || (escape[2] != 'd' && escape[2] != 'D')) return false;
  auto other = text.substr(0, last - 5).find_last_not_of('\\');  // npos + 1 is 0: backslashes from the start
  bool const escaped_itself = (last - 5 - (other + 1)) % 2 == 1;
  return !escaped_itself && range.contains(escape[3]);
}

bool Builder::parse_error(std::size_t consumed, std::string const& token, nlohmann::detail::exception const& problem) {
  constexpr int kNumberOverflow = 406;  // the library's documented number for it
  if (problem.id == kNumberOverflow) return stop(Code::json_number_range, consumed - std::min(consumed, token.size()));
  std::size_t const last = std::min(consumed - std::min<std::size_t>(consumed, 1), text_.size());
  // The lexer notices a low half alone at its own last digit, a high half alone at the first, second or sixth byte
  // after it.
  constexpr std::string_view kHigh = "89abAB", kAny = "89abcdefABCDEF";
  for (std::size_t back : {0, 1, 2, 6}) {
    if (back <= last && is_surrogate_escape(text_, last - back, back == 0 ? kAny : kHigh)) {
      return stop(Code::json_encoding, last - back - 5);
    }
  }
  return stop(Code::json_syntax, last);
}

}  // namespace

core::Result<Json> parse_json(std::string_view text, JsonLimits limits) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    return core::fail(Code::json_encoding, "The text begins with a byte order mark.", {},
                      "Remove its first three bytes.");
  }
  Source source{text.data(), text.data() + text.size()};
  Builder builder(text, source, limits.depth);
  if (Json::sax_parse(Cursor(source), Cursor(source), &builder)) {
    // The lexer takes a zero byte for the end of the text.
    if (source.at[-1] != '\0') return builder.take();
    auto end = static_cast<std::size_t>(source.at - text.data()) - 1;
    return std::unexpected(stopped_error(text, {Code::json_syntax, end}, true, limits));
  }
  auto stop = *builder.stopped();
  if (stop.code == Code::json_syntax && !core::is_utf8(text)) return std::unexpected(encoding_error(text));
  return std::unexpected(stopped_error(text, stop, builder.complete(), limits));
}

}  // namespace tocsin::stix
