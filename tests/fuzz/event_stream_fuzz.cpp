// The reader of server-sent events: however the bytes are cut, the events are the same; what it read is printed and
// read as the same again; and it holds no more than it may.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <tuple>
#include <vector>

#include "clients/cpp/envelope_split.hpp"
#include "clients/cpp/event_stream.hpp"
#include "server/stream/events.hpp"

using namespace tocsin;

namespace {

constexpr std::size_t kMost = 4'096;

struct Read {
  std::vector<std::tuple<std::string, std::string, std::string>> events;  // name, id, data
  std::string last_id;
  bool too_long = false;
};

Read read(std::string_view bytes, std::size_t piece, std::size_t most = kMost) {
  client::EventStream stream(most);
  Read out;
  auto take = [&](client::ServerEvent const& event) {
    if (event.data.size() > most) std::abort();
    out.events.emplace_back(event.name, stream.last_id(), event.data);
    return true;
  };
  while (!bytes.empty() && stream.feed(bytes.substr(0, piece), take))
    bytes.remove_prefix(std::min(piece, bytes.size()));
  out.last_id = stream.last_id();
  out.too_long = stream.is_too_long();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  Read const whole = read(bytes, bytes.size() + 1);
  for (std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
    Read const cut = read(bytes, piece);
    if (cut.events != whole.events || cut.last_id != whole.last_id || cut.too_long != whole.too_long) std::abort();
  }
  // An id alone is printed with no event, and one that is empty not at all: names and data are compared.
  std::string printed;
  std::vector<std::pair<std::string, std::string>> before, after;
  for (auto const& [name, id, text] : whole.events) {
    if (auto object = client::split_event(text); object && !text.contains(*object)) std::abort();
    if (text.empty()) continue;  // which is printed as none
    stream::append_event(printed, name, id, text);
    before.emplace_back(name, text);
  }
  for (auto const& [name, id, text] : read(printed, printed.size() + 1, kMost + 16).events)
    after.emplace_back(name, text);
  if (after != before) std::abort();
  return 0;
}
