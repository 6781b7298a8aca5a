// Reads server-sent events out of bytes as they arrive (WHATWG HTML, section 9.2.6). Owned by a command; one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace tocsin::client {

struct ServerEvent {
  std::string name;  // "message" when the server names none
  std::string data;  // its lines, joined by LF
};

class EventStream {
 public:
  // What is longer is given up: a server may not fill the memory.
  explicit EventStream(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  using Take = std::function<bool(ServerEvent const&)>;  // false: enough
  // Gives `take` each event that is complete. False when it had enough, or an event is too long. However the bytes are
  // cut, the events are the same.
  [[nodiscard]] bool feed(std::string_view bytes, Take const& take);

  // The place to go on from: the id of the latest event that was complete, or of an id alone; "" before the first.
  [[nodiscard]] std::string const& last_id() const { return last_id_; }
  [[nodiscard]] bool is_too_long() const { return too_long_; }

 private:
  [[nodiscard]] bool end_line(Take const& take);
  [[nodiscard]] bool dispatch(Take const& take);
  void take_field(std::string_view name, std::string_view value);

  std::size_t const most_bytes_;
  std::string line_;  // as much of it as has arrived
  bool first_line_ = true, after_cr_ = false, too_long_ = false;
  std::string name_, data_, id_;  // of the event that is coming
  std::string last_id_;
};

}  // namespace tocsin::client
