#include "clients/cpp/event_stream.hpp"

#include <utility>

namespace tocsin::client {

bool EventStream::feed(std::string_view bytes, Take const& take) {
  while (!bytes.empty() && !too_long_) {
    // CR LF is one break, also when the bytes were cut in between.
    if (std::exchange(after_cr_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    auto const end = bytes.find_first_of("\r\n");
    line_.append(bytes.substr(0, end));
    too_long_ = line_.size() + data_.size() > most_bytes_;
    if (end == std::string_view::npos || too_long_) break;
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    if (!end_line(take)) return false;
  }
  return !too_long_;
}

bool EventStream::end_line(Take const& take) {
  std::string const text = std::exchange(line_, {});
  std::string_view line = text;
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (std::exchange(first_line_, false) && line.starts_with(kMark)) line.remove_prefix(kMark.size());
  if (line.empty()) return dispatch(take);
  auto const colon = line.find(':');
  if (colon == 0) return true;  // a comment
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  take_field(line.substr(0, colon), value);
  return true;
}

void EventStream::take_field(std::string_view name, std::string_view value) {
  if (name == "event") name_ = value;
  if (name == "data") data_.append(value).append("\n");
  if (name == "id" && !value.contains('\0')) id_ = value;
}

bool EventStream::dispatch(Take const& take) {
  last_id_ = id_;
  ServerEvent event{std::exchange(name_, {}), std::exchange(data_, {})};
  if (event.data.empty()) return true;
  event.data.pop_back();
  if (event.name.empty()) event.name = "message";
  return take(event);
}

}  // namespace tocsin::client
