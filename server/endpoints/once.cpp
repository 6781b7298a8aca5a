#include "server/endpoints/once.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "schema/core/digest.hpp"
#include "server/endpoints/answers.hpp"

namespace tocsin::endpoints {

// The body of a request, and the digest of what was read of it. Stands in for the request's own while it lives.
class Once::Body final : public http::BodyReader {
 public:
  explicit Body(http::Request& request) : request_(request), body_(*request.body) { request.body = this; }
  ~Body() override { request_.body = &body_; }
  Body(Body const&) = delete;
  Body& operator=(Body const&) = delete;

  http::Awaitable<core::Result<std::string_view>> next() override {
    auto piece = co_await body_.next();
    if (piece) read_.update(*piece);
    co_return piece;
  }
  http::Awaitable<core::Result<std::string>> read_all() override {
    auto all = co_await body_.read_all();
    if (all) read_.update(*all);
    co_return all;
  }
  core::Digest digest() {
    if (!digest_) digest_ = read_.finish();
    return *digest_;
  }

 private:
  http::Request& request_;
  http::BodyReader& body_;
  core::Sha256 read_;
  std::optional<core::Digest> digest_;
};

struct Once::Asked {
  KeyedRequests const& keyed;
  http::Request const& request;
  Body& body;
  std::int64_t organisation, now_us;
  core::Digest key;
  KeyedRequests::Ticket ticket;

  // Once the body is read.
  [[nodiscard]] store::KeptAnswer with(std::string answer) const {
    return {organisation, key, keyed.of_request(request, body.digest()), now_us, std::move(answer)};
  }
};

store::Answering Once::in_transaction(std::function<std::optional<std::string>(std::span<store::Fate const>)> answer) {
  if (asked_ == nullptr) return {};
  open_ = false;
  // The key is under way for as long as the submission may be.
  return [kept = asked_->with(""), ticket = asked_->ticket,
          answer = std::move(answer)](std::span<store::Fate const> fates) -> std::optional<store::KeptAnswer> {
    auto text = answer(fates);
    if (!text) return std::nullopt;
    auto out = kept;
    out.answer = *std::move(text);
    return out;
  };
}

namespace {

using Kept = std::optional<store::KeptAnswer>;

core::Error under_way() {
  return {core::Code::idempotency_key_under_way, "The first request with this Idempotency-Key is still under way.", "",
          "Send the same request again in a moment."};
}

core::Error reused() {
  return {core::Code::idempotency_key_reused,
          "This Idempotency-Key stands for another request, or for one that another credential of your organisation "
          "made.",
          "", "Send a key of its own with each request, and the same one only to repeat it as it was."};
}

// It has its turn on the commit thread, and no thread that reads waits for that.
http::Awaitable<core::Result<void>> stored(Context& context, store::KeptAnswer answer) {
  namespace asio = boost::asio;
  auto initiate = [&context](auto handler, store::KeptAnswer kept) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    context.ledger.post([shared, &commits = context.commits, kept = std::move(kept)] {
      core::Result<void> done;
      std::exception_ptr thrown;
      try {
        done = commits.keep(kept);
      } catch (...) {
        thrown = std::current_exception();
      }
      asio::post(asio::get_associated_executor(*shared), [shared, thrown, done] { std::move (*shared)(thrown, done); });
    });
  };
  co_return co_await asio::async_initiate<asio::use_awaitable_t<> const, void(std::exception_ptr, core::Result<void>)>(
      std::move(initiate), asio::use_awaitable, std::move(answer));
}

// What it is the answer to is stored without it, and the same request finds that unchanged.
http::Awaitable<void> keep(Context& context, store::KeptAnswer answer) {
  auto const kept = co_await stored(context, std::move(answer));
  if (!kept) context.log.error("answer.not_kept", {{"code", core::row(kept.error().code).code}});
}

Answer repeat(http::Request& request, store::KeptAnswer const& kept, Once::Asked const& asked) {
  for (bool more = true; more;) {
    auto const piece = co_await request.body->next();
    if (!piece) co_return error_answer(request, piece.error());
    more = !piece->empty();
  }
  if (asked.with("").request != kept.request) co_return error_answer(request, reused());
  auto response = text_answer(200, kept.answer, "application/json");
  response.headers.emplace_back("Idempotency-Replayed", "true");
  co_return response;
}

}  // namespace

Answer once(Context& context, http::Request& request, OnceHandler handler) {
  auto const key = idempotency_key(request);
  if (!key) co_return error_answer(request, key.error());
  if (!*key) {
    Once without_key;
    co_return co_await handler(context, request, without_key);
  }
  auto const organisation = request.principal->organisation;
  auto const digest = context.keyed.of_key(**key);
  auto ticket = context.keyed.enter(organisation, digest);
  if (!ticket) co_return error_answer(request, under_way());
  auto const now_us = context.clock.now_us();
  auto const kept = co_await context.bridge.run<Kept>(
      organisation, [&](store::ReadStore& reader) { return reader.answers().find(organisation, digest, now_us); });
  if (!kept) co_return error_answer(request, kept.error());
  Once::Body body(request);
  Once::Asked const asked{context.keyed, request, body, organisation, now_us, digest, *std::move(ticket)};
  if (*kept) co_return co_await repeat(request, **kept, asked);
  Once keyed(asked);
  auto response = co_await handler(context, request, keyed);
  auto const* text = std::get_if<std::string>(&response.body);
  if (response.status == 200 && keyed.is_to_keep() && text != nullptr && text->size() <= store::kLongestKeptAnswer)
    co_await keep(context, asked.with(*text));
  co_return response;
}

}  // namespace tocsin::endpoints
