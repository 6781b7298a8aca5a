#include "server/endpoints/waiting.hpp"

namespace tocsin::endpoints {

namespace asio = boost::asio;

http::Awaitable<core::Result<ledger::Receipt>> commit(Context& context, ledger::Submission submission) {
  using Committed = std::shared_ptr<core::Result<ledger::Receipt>>;
  auto initiate = [&context](auto handler, ledger::Submission work) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    context.ledger.submit(std::move(work), [shared](core::Result<ledger::Receipt> result) {
      auto carried = std::make_shared<core::Result<ledger::Receipt>>(std::move(result));
      asio::post(asio::get_associated_executor(*shared), [shared, carried] { std::move (*shared)(carried); });
    });
  };
  auto committed = co_await asio::async_initiate<asio::use_awaitable_t<> const, void(Committed)>(
      std::move(initiate), asio::use_awaitable, std::move(submission));
  co_return std::move(*committed);
}

http::Awaitable<core::Result<std::vector<ledger::Receipt>>> commit_whole(Context& context,
                                                                         std::vector<ledger::Submission> submissions) {
  using Result = core::Result<std::vector<ledger::Receipt>>;
  using Committed = std::shared_ptr<Result>;
  auto initiate = [&context](auto handler, std::vector<ledger::Submission> work) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    context.ledger.submit_whole(std::move(work), [shared](Result result) {
      auto carried = std::make_shared<Result>(std::move(result));
      asio::post(asio::get_associated_executor(*shared), [shared, carried] { std::move (*shared)(carried); });
    });
  };
  auto committed = co_await asio::async_initiate<asio::use_awaitable_t<> const, void(Committed)>(
      std::move(initiate), asio::use_awaitable, std::move(submissions));
  co_return std::move(*committed);
}

}  // namespace tocsin::endpoints
