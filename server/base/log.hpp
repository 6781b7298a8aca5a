// Structured logging: one JSON object a line on standard error (or any file descriptor). Any thread.
// Fields are names and plain facts; values of indicators, tokens, prompts and ids of content never go in.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

namespace tocsin::base {

enum class Level : std::uint8_t { debug, info, warning, error };

struct Field {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

class Log {
 public:
  explicit Log(int descriptor = 2, Level least = Level::info) : descriptor_(descriptor), least_(least) {}

  // {"at":"2026-…Z","level":"info","event":"server.start",…fields}; control characters and non-UTF-8 are escaped.
  void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});
  void info(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::info, event, fields); }
  void warning(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::warning, event, fields); }
  void error(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::error, event, fields); }

 private:
  int const descriptor_;
  Level const least_;
  std::mutex mutex_;
};

}  // namespace tocsin::base
