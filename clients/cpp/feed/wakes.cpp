#include "clients/cpp/feed/wakes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "clients/cpp/console.hpp"
#include "clients/cpp/json_access.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kLongestEvent = 64u << 20;
constexpr milliseconds kQuiet{50}, kPatience{200};  // of what is published together

Failure end_of(std::string const& data) {
  auto const document = stix::parse_json(data);
  auto const why = document ? printable(text_or(*document, "why")) : std::string();
  auto const code = document ? text_or(*document, "code") : std::string();
  return {code == "unauthorized" || code == "forbidden" ? Exit::unauthorised : Exit::server,
          "The server ended the stream" + (why.empty() ? std::string(".") : ": " + why),
          "See what your token may do with: tocsin whoami"};
}

}  // namespace

milliseconds back_off(int repeat, std::mt19937& random) {
  constexpr int kLongest = 6;  // 2^6 seconds
  long const most = 1'000L << std::min(repeat, kLongest);
  return milliseconds(std::uniform_int_distribution<long>(most / 2, most)(random));
}

Wakes::Wakes(Session session) : session_(std::move(session)), thread_([this] { listen(); }) {}

Wakes::~Wakes() {
  {
    std::scoped_lock const lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  session_.stop();
  thread_.join();
}

void Wakes::wait(milliseconds longest) {
  std::unique_lock lock(mutex_);
  auto const is_time = [&] { return rung_ || failure_; };
  if (!changed_.wait_for(lock, longest, is_time)) return;
  auto const latest = steady_clock::now() + kPatience;
  while (rung_ && !failure_) {
    rung_ = false;
    changed_.wait_until(lock, std::min(latest, steady_clock::now() + kQuiet), is_time);
    if (steady_clock::now() >= latest) break;
  }
  rung_ = false;
}

std::optional<Failure> Wakes::failure() const {
  std::scoped_lock const lock(mutex_);
  return failure_;
}

void Wakes::listen() {
  for (;;) {
    auto const answer = follow();
    {
      std::scoped_lock const lock(mutex_);
      if (stopping_ || failure_) return;
    }
    if (!judge(answer)) return;
    pause();
  }
}

core::Result<http::ClientResponse> Wakes::follow() {
  EventStream events(kLongestEvent);
  bool begun = false;
  auto answer = session_.follow(
      {.method = "GET", .target = "/api/v1/stream", .headers = {{"Accept", "text/event-stream"}}, .body = {}},
      [&](std::string_view bytes) {
        bool const more = events.feed(bytes, [this](ServerEvent const& event) { return take(event); });
        if (!begun && !events.last_id().empty()) {
          begun = true;
          repeats_ = 0;
          ring();
        }
        return more;
      });
  if (events.is_too_long()) end({Exit::server, "The server sent an event of more than 64 MiB.", kWhichServer});
  return answer;
}

bool Wakes::take(ServerEvent const& event) {
  if (event.name == "end") end(end_of(event.data));
  if (event.name == "object") ring();
  return event.name != "end";
}

bool Wakes::judge(core::Result<http::ClientResponse> const& answer) {
  if (!answer) {
    auto const code = answer.error().code;
    if (code == core::Code::io_failed || code == core::Code::request_timeout) return true;
    end(session_.failure_of(answer.error()));
    return false;
  }
  if (answer->status == 200 || answer->status == 429 || answer->status >= 500) return true;
  end(http_failure(*answer, "/api/v1/stream"));
  return false;
}

void Wakes::pause() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, back_off(repeats_++, random_), [this] { return stopping_; });
}

void Wakes::ring() {
  {
    std::scoped_lock const lock(mutex_);
    rung_ = true;
  }
  changed_.notify_all();
}

void Wakes::end(Failure failure) {
  {
    std::scoped_lock const lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
  }
  changed_.notify_all();
}

}  // namespace tocsin::client
