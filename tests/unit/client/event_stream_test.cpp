#include "clients/cpp/event_stream.hpp"

#include <vector>

#include "server/stream/events.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"

using namespace tocsin;
using client::EventStream;
using client::ServerEvent;

namespace {

using Events = std::vector<std::pair<std::string, std::string>>;

Events events_of(EventStream& stream, std::string_view bytes) {
  Events out;
  (void)stream.feed(bytes, [&](ServerEvent const& event) {
    out.emplace_back(event.name, event.data);
    return true;
  });
  return out;
}

Events events_of(std::string_view bytes) {
  EventStream stream(1 << 20);
  return events_of(stream, bytes);
}

}  // namespace

TEST_CASE("events are read by the rules of the format", "[client][events]") {
  CHECK(events_of("data: a\n\n") == Events{{"message", "a"}});
  CHECK(events_of("event: object\ndata: a\ndata:b\ndata:  c\n\n") == Events{{"object", "a\nb\n c"}});
  CHECK(events_of("data\n\ndata\ndata\n\ndata:") == Events{{"message", ""}, {"message", "\n"}});
  CHECK(events_of(": comment\n\nevent: x\n\ndata: a\n\n") == Events{{"message", "a"}});
  CHECK(events_of("\xEF\xBB\xBF"
                  "data: a\r\n\r\ndata: b\r\rdata: c\n\n") ==
        Events{{"message", "a"}, {"message", "b"}, {"message", "c"}});
  CHECK(events_of("retry: 1\nunknown: x\ndata: a\n").empty());
}

TEST_CASE("an id counts once its event is complete, also alone", "[client][events]") {
  EventStream stream(1 << 20);
  (void)events_of(stream, "id: 1\n");
  CHECK(stream.last_id().empty());
  (void)events_of(stream, "\n");
  CHECK(stream.last_id() == "1");
  (void)events_of(stream, "data: a\nid: 2\n\ndata: b\n\n");
  CHECK(stream.last_id() == "2");
  (void)events_of(stream, std::string_view("id: 3\0\ndata: c\n\n", 16));
  CHECK(stream.last_id() == "2");
}

TEST_CASE("an event that is longer than there is room for is given up", "[client][events]") {
  EventStream stream(100);
  CHECK(stream.feed("data: " + std::string(80, 'x') + "\n\n", [](ServerEvent const&) { return true; }));
  CHECK(stream.feed("data: " + std::string(50, 'x') + "\n", [](ServerEvent const&) { return true; }));
  CHECK_FALSE(stream.feed("data: " + std::string(50, 'x') + "\n", [](ServerEvent const&) { return true; }));
  CHECK(stream.is_too_long());
}

TEST_CASE("whoever has had enough is given no more", "[client][events]") {
  EventStream stream(100);
  int given = 0;
  CHECK_FALSE(stream.feed("data: a\n\ndata: b\n\n", [&](ServerEvent const&) { return ++given < 1; }));
  CHECK(given == 1);
}

TEST_CASE("what the server prints is what is read, line breaks of any kind aside, however it is cut",
          "[client][events]") {
  test::Random random;
  constexpr std::string_view kBytes = "ab:{}\", \r\n\t\0\xC3\xA9\xEF\xBB\xBF";
  for (int round = 0; round < 2'000; ++round) {
    std::string printed;
    Events expected;
    for (auto left = 1 + random.below(4); left > 0; --left) {
      std::string data, joined;
      for (auto bytes = 1 + random.below(12); bytes > 0; --bytes) data += kBytes[random.below(kBytes.size())];
      for (std::size_t i = 0; i < data.size(); ++i) {
        if (data[i] == '\r' && i + 1 < data.size() && data[i + 1] == '\n') continue;
        joined += data[i] == '\r' ? '\n' : data[i];
      }
      stream::append_event(printed, "object", "id" + std::to_string(left), data);
      expected.emplace_back("object", joined);
    }
    EventStream stream(1 << 20);
    Events read;
    for (std::string_view rest = printed; !rest.empty();) {
      auto piece = rest.substr(0, 1 + random.below(9));
      rest.remove_prefix(piece.size());
      auto some = events_of(stream, piece);
      read.insert(read.end(), some.begin(), some.end());
    }
    CAPTURE(printed);
    REQUIRE(read == expected);
    REQUIRE(stream.last_id() == "id1");
  }
}
