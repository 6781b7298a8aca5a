#include "server/base/log.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "schema/core/bytes.hpp"
#include "server/base/clock.hpp"

namespace tocsin::base {
namespace {

constexpr std::string_view kLevels[] = {"debug", "info", "warning", "error"};
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Length of the UTF-8 character at the front of `text`, or 0 when there is none.
std::size_t character_length(std::string_view text) {
  auto lead = static_cast<unsigned char>(text.front());
  std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return length <= text.size() && core::is_utf8(text.substr(0, length)) ? length : 0;
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    auto length = character_length(text);
    auto byte = static_cast<unsigned char>(text.front());
    if (length == 0) {
      out += kReplacement;
      length = 1;
    } else if (byte == '"' || byte == '\\') {
      out += '\\';
      out += text.front();
    } else if (byte < 0x20 || byte == 0x7F) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", byte);
      out += escape.data();
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  out += '"';
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

struct AppendValue {
  std::string& out;
  void operator()(std::string_view text) const { append_string(out, text); }
  void operator()(std::int64_t number) const { append_number(out, number); }
  void operator()(double number) const { std::isfinite(number) ? append_number(out, number) : void(out += "null"); }
  void operator()(bool flag) const { out += flag ? "true" : "false"; }
};

std::string now_text() {
  using namespace std::chrono;
  sys_time<microseconds> now{microseconds(SystemClock{}.now_us())};
  auto day = floor<days>(now);
  year_month_day date(day);
  hh_mm_ss time(now - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return text.data();
}

std::string render(Level level, std::string_view event, std::initializer_list<Field> fields) {
  std::string line = "{\"at\":\"" + now_text() + "\",\"level\":\"";
  line += kLevels[static_cast<std::size_t>(level)];
  line += "\",\"event\":";
  append_string(line, event);
  for (Field const& field : fields) {
    line += ',';
    append_string(line, field.name);
    line += ':';
    std::visit(AppendValue{line}, field.value);
  }
  return line += "}\n";
}

// A pipe may take a part of a long line: the rest follows. On any other trouble there is nowhere left to say so.
void write_all(int descriptor, std::string_view line) {
  while (!line.empty()) {
    auto written = ::write(descriptor, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void Log::write(Level level, std::string_view event, std::initializer_list<Field> fields) noexcept {
  if (level < least_.load(std::memory_order_relaxed)) return;
  try {
    auto line = render(level, event, fields);
    std::lock_guard lock(mutex_);
    write_all(descriptor_, line);
  } catch (...) {  // no memory for a line of log is no reason to stop serving
    write_all(descriptor_, "{\"level\":\"error\",\"event\":\"log.line_lost\"}\n");
  }
}

}  // namespace tocsin::base
