#include "server/stream/events.hpp"

#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::stream {
namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\n");
}

// The line that `rest` begins with, taken off with its end; `more` is false when it was the last.
std::string_view take_line(std::string_view& rest, bool& more) {
  auto end = rest.find_first_of("\r\n");
  std::string_view line = rest.substr(0, end);
  more = end != std::string_view::npos;
  if (!more) return line;
  bool pair = rest.substr(end).starts_with("\r\n");
  rest.remove_prefix(end + (pair ? 2 : 1));
  return line;
}

}  // namespace

void append_event(std::string& out, std::string_view name, std::string_view id, std::string_view data) {
  if (!name.empty()) append_field(out, "event", name);
  if (!id.empty()) append_field(out, "id", id);
  for (bool more = !data.empty(); more;) append_field(out, "data", take_line(data, more));
  out += '\n';
}

void append_publication(std::string& out, Publication const& one) {
  std::string data = "{\"collection\":\"";
  data.append(one.collection).append("\",\"object\":").append(one.object);
  data.append(",\"date_added\":\"");
  data.append(stix::Timestamp::from_microseconds(one.date_added_us).text_microseconds()).append("\"");
  if (!one.peer.empty()) stix::append_canonical_string(data += ",\"origin\":", one.peer);
  append_event(out, "object", one.place, data + "}");
}

std::string end_event(core::Error const& why) {
  std::string data = "{\"code\":\"" + std::string(core::row(why.code).code) + "\",\"why\":";
  stix::append_canonical_string(data, why.remedy.empty() ? why.detail : why.detail + " " + why.remedy);
  std::string out;
  append_event(out, "end", "", data + "}");
  return out;
}

}  // namespace tocsin::stream
