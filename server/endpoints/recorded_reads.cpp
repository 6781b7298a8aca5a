#include "server/endpoints/recorded_reads.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "server/endpoints/answers.hpp"

namespace tocsin::endpoints {

namespace asio = boost::asio;

http::Awaitable<core::Result<void>> record_read(Context& context, http::Request const& request, ledger::ReadNote note) {
  if (!request.principal->roles.has(base::Role::liaison) && !view_of(request).reader.government) {
    context.reads.record(note);
    co_return core::Result<void>{};
  }
  auto initiate = [&](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    context.reads.record(note, [shared](core::Result<void> const& recorded) {
      asio::post(asio::get_associated_executor(*shared),
                 [shared, recorded] { std::move (*shared)(std::make_shared<core::Result<void>>(recorded)); });
    });
  };
  auto recorded =
      co_await asio::async_initiate<asio::use_awaitable_t<> const, void(std::shared_ptr<core::Result<void>>)>(
          std::move(initiate), asio::use_awaitable);
  co_return *recorded;
}

}  // namespace tocsin::endpoints
