// The newest checkpoint of a log, at once or as soon as there is one that covers more than the caller has.
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <utility>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/asked_log.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/numbers.hpp"
#include "server/endpoints/presented.hpp"
#include "server/http/router.hpp"

namespace tocsin::endpoints {
namespace {

using Clock = stream::Ear::Moment::clock;

constexpr std::uint64_t kLongestWait = 30;  // seconds
constexpr auto kText = "text/plain; charset=utf-8";

// What is waited for.
struct Wait {
  ledger::PublishedLog const* log;
  ledger::PublishedLog const* control;  // null: it does not matter
  std::uint64_t after = 0, control_after = 0;
  std::chrono::seconds most{0};

  [[nodiscard]] bool is_over() const {
    return log->size() > after || (control != nullptr && control->size() > control_after);
  }
};

std::unexpected<core::Error> wrong(std::string sentence, std::string remedy) {
  return core::fail(core::Code::bad_parameter, std::move(sentence), "", std::move(remedy));
}

// nullopt: the newest is wanted, whatever it is.
core::Result<std::optional<Wait>> wait_in(Context const& context, http::Request const& request,
                                          ledger::PublishedLog const& log) {
  auto const given = numbers_in(request.query, {"after", "control", "wait"});
  if (!given) return std::unexpected(given.error());
  if (given->empty()) return std::nullopt;
  if (!given->contains("after") || !given->contains("wait"))
    return wrong("To wait for a checkpoint takes both: the size that it is to exceed, and for how long.",
                 "Send after=SIZE and wait=SECONDS, or neither.");
  auto const seconds = given->at("wait");
  if (seconds < 1 || seconds > kLongestWait)
    return wrong("The parameter wait is not 1 to 30 seconds.", "Ask again when the time is over.");
  Wait out{&log, nullptr, given->at("after"), 0, std::chrono::seconds(seconds)};
  if (auto const control = given->find("control"); control != given->end()) {
    if (&log != context.logs.data.get())
      return wrong("The parameter control is for the data log alone.", "Of the control log itself: after.");
    out.control = context.logs.control.get();
    out.control_after = control->second;
  }
  return out;
}

// An answer that is sent when the wait is over. Until then it holds a place among the waiting, and nothing else.
class Awaited final : public http::BodySource {
 public:
  Awaited(Context& context, http::Request const& request, Wait const& wait, InFlight::Ticket place,
          boost::asio::any_io_executor const& executor)
      : context_(context),
        request_(request),
        wait_(wait),
        until_(Clock::now() + wait.most),
        place_(std::move(place)),
        ear_(context.log_bell, executor) {}

  http::Awaitable<core::Result<std::string>> next() override {
    if (std::exchange(given_, true)) co_return std::string();
    while (!stopped_ && !wait_.is_over() && Clock::now() < until_) co_await ear_.wait_until(until_);
    // Whoever was stopped meanwhile, or meets a server that stops, gets no answer at all.
    if (stopped_) co_return core::fail(core::Code::unavailable, "The wait was ended.", "", "Ask again.");
    auto const& permission = *access::find_permission(request_.route->permission);
    auto const who =
        authorise(*context_.registry.current(), presented(context_, request_), permission, context_.clock.now_us());
    if (!who) co_return std::unexpected(who.error());
    co_return *wait_.log->checkpoint();
  }
  bool is_endless() const override { return true; }
  void stop() override {
    stopped_ = true;
    ear_.wake();
  }

 private:
  Context& context_;
  http::Request const& request_;  // its session keeps it until the answer was sent
  Wait const wait_;
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

Answer log_checkpoint(Context& context, http::Request& request) {
  auto const log = asked_log(context, request);
  if (!log) co_return error_answer(request, log.error());
  auto checkpoint = newest_checkpoint(**log);
  if (!checkpoint) co_return error_answer(request, checkpoint.error());
  auto const wait = wait_in(context, request, **log);
  if (!wait) co_return error_answer(request, wait.error());
  http::Response response;
  response.content_type = kText;
  if (!*wait || (*wait)->is_over()) {
    response.body = (*log)->checkpoint();
    co_return response;
  }
  auto place = context.polls.enter(request.principal->organisation);
  if (!place) co_return error_answer(request, no_place(context.polls));
  request.ticket.reset();  // from here on it has a place among the waiting, not that of a request
  auto executor = co_await boost::asio::this_coro::executor;
  response.body = std::make_unique<Awaited>(context, request, **wait, *std::move(place), executor);
  co_return response;
}

}  // namespace tocsin::endpoints
