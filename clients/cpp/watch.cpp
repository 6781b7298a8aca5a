#include <algorithm>
#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/envelope_split.hpp"
#include "clients/cpp/event_stream.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/object_writer.hpp"
#include "clients/cpp/target.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLongestEvent = 64u << 20;
constexpr int kLongestWait = 6;  // 2^6 seconds

// One stream after another, each from where the one before broke off.
class Watch {
 public:
  Watch(Session& session, Console& console, std::string target, std::string place)
      : session_(session),
        console_(console),
        target_(std::move(target)),
        place_(std::move(place)),
        writer_(console.out, Format::ndjson, false) {}

  // Returns only when there is nothing to go on with.
  Outcome<Exit> run() {
    for (;;) {
      auto answer = follow();
      if (failure_) return std::unexpected(*std::move(failure_));
      if (!console_.out)
        return fail(Exit::local, "The output cannot be written.",
                    "Check that there is room where it goes, and that nothing closed it.");
      if (auto final = judge(answer)) return std::unexpected(*std::move(final));
      wait(answer);
    }
  }

 private:
  core::Result<http::ClientResponse> follow() {
    EventStream events(kLongestEvent);
    http::ClientRequest request{
        .method = "GET", .target = target_, .headers = {{"Accept", "text/event-stream"}}, .body = {}};
    if (!place_.empty()) request.headers.emplace_back("Last-Event-ID", place_);
    auto answer = session_.follow(std::move(request), [&](std::string_view bytes) {
      bool const more = events.feed(bytes, [&](ServerEvent const& event) { return take(event, events.last_id()); });
      // What was printed is behind us, also when the connection breaks in the next moment.
      console_.out.flush();
      if (!events.last_id().empty()) {
        place_ = events.last_id();
        repeats_ = 0;
        followed_ = true;
      }
      return more && console_.out.good();
    });
    if (events.is_too_long())
      failure_ = Failure{Exit::server, "The server sent an event of more than 64 MiB.", kWhichServer};
    return answer;
  }

  bool take(ServerEvent const& event, std::string const& place) {
    if (event.name == "end") {
      failure_ = end_of(event.data);
      return false;
    }
    if (event.name == "alert") tell_alert(event.data);
    if (event.name != "object") return true;
    auto object = split_event(event.data);
    if (!object) {
      failure_ = Failure{Exit::server, std::move(object.error().detail), kWhichServer};
      return false;
    }
    writer_.write(*object);
    tell_place(*object, place);
    return console_.out.good();
  }

  // Beside the objects, which are for programs: what was printed, and how to go on behind it after a stop.
  void tell_place(std::string_view object, std::string const& place) {
    auto const document = stix::parse_json(object);
    console_.err << printable(document ? text_or(*document, "id", "-") : "-") << "  --after " << printable(place)
                 << '\n';
  }

  // An alert is for whoever looks on, too.
  void tell_alert(std::string const& data) {
    auto document = stix::parse_json(data);
    if (!document) return;
    auto const peer = text_or(*document, "origin");
    console_.err << "tocsin: " << printable(text_or(*document, "id")) << " is about your range "
                 << printable(text_or(*document, "range")) << (peer.empty() ? "" : ", through " + printable(peer))
                 << "; to dispute it: " << printable(text_or(*document, "dispute")) << '\n';
  }

  static Failure end_of(std::string const& data) {
    auto document = stix::parse_json(data);
    auto const code = document ? text_or(*document, "code") : std::string();
    auto const why = document ? printable(text_or(*document, "why")) : std::string();
    bool const credential = code == "unauthorized" || code == "forbidden";
    return {credential ? Exit::unauthorised : Exit::server,
            "The server ended the stream" + (why.empty() ? std::string(".") : ": " + why),
            "See what your token may do with: tocsin whoami"};
  }

  // Why it makes no sense to try again; nullopt when it does.
  std::optional<Failure> judge(core::Result<http::ClientResponse> const& answer) {
    if (!answer) {
      auto const code = answer.error().code;
      bool const lost = code == core::Code::io_failed || code == core::Code::request_timeout;
      if (lost && followed_) return std::nullopt;
      return session_.failure_of(answer.error());
    }
    bool const busy = answer->status == 429 || answer->status == 503 || (answer->status >= 500 && followed_);
    if (answer->status == 200 || busy) return std::nullopt;
    return http_failure(*answer, "/api/v1/stream");
  }

  // Seconds 1, 2, 4 … 64, or as many as the server asks for; and of these a random part, so that the readers of a
  // server that comes back do not all come at once.
  void wait(core::Result<http::ClientResponse> const& answer) {
    long seconds = 1L << std::min(repeats_++, kLongestWait);
    if (auto const after = answer ? answer->header("Retry-After") : std::nullopt) {
      long given = 0;
      auto const [end, error] = std::from_chars(after->data(), after->data() + after->size(), given);
      if (error == std::errc{} && end == after->data() + after->size())
        seconds = std::clamp(given, seconds, 1L << kLongestWait);
    }
    std::uniform_int_distribution<long> part(seconds * 500, seconds * 1'000);
    auto const time = milliseconds(part(random_));
    console_.err << "tocsin: the stream broke off; going on in " << (time.count() + 999) / 1'000 << " s\n";
    session_.pause(time);
  }

  Session& session_;
  Console& console_;
  std::string const target_;
  std::string place_;
  ObjectWriter writer_;
  std::optional<Failure> failure_;
  std::mt19937 random_{std::random_device{}()};
  int repeats_ = 0;
  bool followed_ = false;  // a stream has begun once
};

}  // namespace

Outcome<Exit> watch(Session& session, Console& console, WatchOptions const& options) {
  Target target("/api/v1/stream");
  for (auto const& name : options.collections) {
    auto collection = session.collection(name);
    if (!collection) return std::unexpected(std::move(collection.error()));
    target.with("collection", collection->id);
  }
  std::string types;
  for (auto const& type : options.types) types += (types.empty() ? "" : ",") + type;
  if (!types.empty()) target.with("match[type]", types);
  console.began = true;
  return Watch(session, console, target.text(), options.after.value_or("")).run();
}

}  // namespace tocsin::client
