// How a handler waits for threads that judge and for the group commit without holding its own. Any coroutine.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// What becomes of a submission. Errors: those of GroupCommit::submit.
[[nodiscard]] http::Awaitable<core::Result<ledger::Receipt>> commit(Context& context, ledger::Submission submission);

// What becomes of submissions that are stored whole or not at all. Errors: those of GroupCommit::submit_whole.
[[nodiscard]] http::Awaitable<core::Result<std::vector<ledger::Receipt>>> commit_whole(
    Context& context, std::vector<ledger::Submission> submissions);

// Runs `work` on a thread that judges, in the turn of `organisation`. Throws what `work` throws. Errors besides its
// own: unavailable when too much waits.
template <class T>
http::Awaitable<core::Result<T>> judge(Context& context, store::RowId organisation,
                                       std::function<core::Result<T>()> work) {
  namespace asio = boost::asio;
  using Judged = std::shared_ptr<core::Result<T>>;
  auto initiate = [&](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    auto finish = [shared](std::exception_ptr thrown, Judged judged) {
      asio::post(asio::get_associated_executor(*shared),
                 [shared, thrown, judged] { std::move (*shared)(thrown, judged); });
    };
    bool taken = context.workers.submit(organisation, [&work, finish] {
      Judged judged;
      std::exception_ptr thrown;
      try {
        judged = std::make_shared<core::Result<T>>(work());
      } catch (...) {
        thrown = std::current_exception();
      }
      finish(thrown, judged);
    });
    if (!taken)
      finish(nullptr, std::make_shared<core::Result<T>>(core::fail(core::Code::unavailable,
                                                                   "Too many submissions wait to be judged.", "",
                                                                   "Send the same submission again in a moment.")));
  };
  auto judged = co_await asio::async_initiate<asio::use_awaitable_t<> const, void(std::exception_ptr, Judged)>(
      std::move(initiate), asio::use_awaitable);
  co_return std::move(*judged);
}

}  // namespace tocsin::endpoints
