// Structured logging: one JSON object and one write(2) a line, on standard error or any file descriptor. Any thread.
// Fields are names and plain facts; values of indicators, tokens, prompts and ids of content never go in.
#pragma once

#include <atomic>
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

  // {"at":"2026-…Z","level":"info","event":"server.start",…fields}: UTC with microseconds. Control characters are
  // escaped, bytes that are not UTF-8 replaced, numbers that JSON lacks null. A line that cannot be written is lost.
  void write(Level level, std::string_view event, std::initializer_list<Field> fields = {}) noexcept;
  void debug(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::debug, event, fields); }
  void info(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::info, event, fields); }
  void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(Level::warning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::error, event, fields); }

  // Lines below `least` are left out from now on; a reload of the configuration may change it.
  void set_least(Level least) { least_.store(least, std::memory_order_relaxed); }

 private:
  int const descriptor_;
  std::atomic<Level> least_;
  std::mutex mutex_;
};

}  // namespace tocsin::base
