// Carrying out a request with an Idempotency-Key once: the same request is given the answer of the first for a day.
// Any coroutine.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "server/endpoints/context.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {

// What a handler says of the answer to its request. Without a key nothing is kept.
class Once {
 public:
  class Body;
  struct Asked;

  Once() = default;
  explicit Once(Asked const& asked) : asked_(&asked) {}  // which outlives it

  // Keeps the answer in the transaction of a submission; `answer` makes its text from fates as store::Answering has
  // them, and owns what it uses. For what must not be done twice. Once the body is read.
  [[nodiscard]] store::Answering in_transaction(
      std::function<std::optional<std::string>(std::span<store::Fate const>)> answer);
  // The request is not answered for good: it is carried out again when it is sent again.
  void leave_open() { open_ = false; }

  // Whether an answer of success is still to be kept.
  [[nodiscard]] bool is_to_keep() const { return asked_ != nullptr && open_; }

 private:
  Asked const* asked_ = nullptr;
  bool open_ = true;
};

// Answers with what `handler` does, or with what it did: only success is kept, for a refusal has stored nothing.
// Errors besides: idempotency_key_invalid; idempotency_key_under_way; idempotency_key_reused when the key stands for
// another request, or for another credential's.
using OnceHandler = Answer (*)(Context&, http::Request&, Once&);
[[nodiscard]] Answer once(Context& context, http::Request& request, OnceHandler handler);

}  // namespace tocsin::endpoints
