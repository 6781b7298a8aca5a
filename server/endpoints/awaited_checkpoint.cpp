#include "server/endpoints/awaited_checkpoint.hpp"

#include <boost/asio/this_coro.hpp>
#include <utility>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/numbers.hpp"
#include "server/endpoints/presented.hpp"
#include "server/http/router.hpp"

namespace tocsin::endpoints {
namespace {

using Clock = stream::Ear::Moment::clock;

constexpr std::uint64_t kLongestWait = 30;  // seconds

std::unexpected<core::Error> wrong(std::string sentence, std::string remedy) {
  return core::fail(core::Code::bad_parameter, std::move(sentence), "", std::move(remedy));
}

// An answer that is sent when the wait is over.
class Waiting final : public http::BodySource {
 public:
  Waiting(Context& context, http::Request const& request, std::chrono::seconds most, Awaited awaited,
          InFlight::Ticket place, boost::asio::any_io_executor const& executor)
      : context_(context),
        request_(request),
        awaited_(std::move(awaited)),
        until_(Clock::now() + most),
        place_(std::move(place)),
        ear_(context.log_bell, executor) {}

  http::Awaitable<core::Result<std::string>> next() override {
    if (std::exchange(given_, true)) co_return std::string();
    while (!stopped_ && !awaited_.is_over() && Clock::now() < until_) co_await ear_.wait_until(until_);
    // Whoever was stopped meanwhile, or meets a server that stops, gets no answer at all.
    if (stopped_) co_return core::fail(core::Code::unavailable, "The wait was ended.", "", "Ask again.");
    auto const& permission = *access::find_permission(request_.route->permission);
    auto const who =
        authorise(*context_.registry.current(), presented(context_, request_), permission, context_.clock.now_us());
    if (!who) co_return std::unexpected(who.error());
    co_return co_await awaited_.newest();
  }
  bool is_endless() const override { return true; }
  void stop() override {
    stopped_ = true;
    ear_.wake();
  }

 private:
  Context& context_;
  http::Request const& request_;  // its session keeps it until the answer was sent
  Awaited const awaited_;
  Clock::time_point const until_;
  InFlight::Ticket place_;
  stream::Ear ear_;
  bool given_ = false, stopped_ = false;
};

core::Error no_place(InFlight const& polls) {
  return {
      core::Code::unavailable,
      "As many requests wait for checkpoints as may; an organisation may have " + std::to_string(polls.share()) + ".",
      "", "Ask without waiting, or try again in a moment."};
}

}  // namespace

core::Result<std::optional<AskedWait>> asked_wait(http::Request const& request, bool data) {
  auto const given = numbers_in(request.query, {"after", "control", "wait"});
  if (!given) return std::unexpected(given.error());
  if (given->empty()) return std::nullopt;
  if (!given->contains("after") || !given->contains("wait"))
    return wrong("To wait for a checkpoint takes both: the size that it is to exceed, and for how long.",
                 "Send after=SIZE and wait=SECONDS, or neither.");
  auto const seconds = given->at("wait");
  if (seconds < 1 || seconds > kLongestWait)
    return wrong("The parameter wait is not 1 to 30 seconds.", "Ask again when the time is over.");
  AskedWait out{given->at("after"), std::nullopt, std::chrono::seconds(seconds)};
  if (auto const control = given->find("control"); control != given->end()) {
    if (!data) return wrong("The parameter control is for the data log alone.", "Of the control log itself: after.");
    out.control = control->second;
  }
  return out;
}

Answer await_checkpoint(Context& context, http::Request& request, std::chrono::seconds most, Awaited awaited) {
  auto place = context.polls.enter(request.principal->organisation);
  if (!place) co_return error_answer(request, no_place(context.polls));
  request.ticket.reset();  // from here on it has a place among the waiting, not that of a request
  http::Response response;
  response.content_type = "text/plain; charset=utf-8";
  auto executor = co_await boost::asio::this_coro::executor;
  response.body = std::make_unique<Waiting>(context, request, most, std::move(awaited), *std::move(place), executor);
  co_return response;
}

}  // namespace tocsin::endpoints
