// What handlers that change something share: the members of their bodies, and changes made on the commit thread.
#pragma once

#include <functional>
#include <variant>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/context.hpp"
#include "server/endpoints/members.hpp"

namespace tocsin::endpoints {

// Of a JSON body. Errors: unsupported_media_type; those of reading the body; those of Members::parse.
[[nodiscard]] http::Awaitable<core::Result<Members>> members_of(http::Request& request);

// What a body says of a credential that is a token.
[[nodiscard]] access::NewCredential credential_of(Members& members);

// Whether who asked may still do so: what the gates decided may be seconds old when a change has its turn. Commit
// thread.
[[nodiscard]] core::Result<void> still_may(Context& context, http::Request const& request);

// Runs a change on the commit thread, from a thread that may block, on behalf of who asked for it and in the turns of
// his organisation: nobody's changes hold up the reads of others, or the operator's.
template <class T>
http::Awaitable<core::Result<T>> change(Context& context, http::Request const& request,
                                        std::function<core::Result<T>()> work) {
  auto lane = request.principal != nullptr ? request.principal->organisation : 0;
  co_return co_await context.bridge.run<T>(lane, [&](store::ReadStore&) {
    core::Result<T> result = core::fail(core::Code::internal, "The change was not made.");
    context.ledger.perform([&] {
      if (auto may = still_may(context, request); !may) {
        result = std::unexpected(may.error());
        return;
      }
      store::ActingFor acting(context.audit, actor_of(request));
      result = work();
    });
    return result;
  });
}

using Done = std::monostate;
[[nodiscard]] std::function<core::Result<Done>()> without_value(std::function<core::Result<void>()> work);

}  // namespace tocsin::endpoints
