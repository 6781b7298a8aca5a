#include "server/http/body.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <utility>

namespace tocsin::http {
namespace {

constexpr std::size_t kPiece = 32 * 1024;
constexpr std::size_t kTurn = 256 * 1024;  // bytes of a decoded body, until others of the worker have theirs

std::unexpected<core::Error> lost(Arrival arrival) {
  if (arrival == Arrival::expired)
    return core::fail(core::Code::request_timeout, "The body did not arrive in time.", "",
                      "Send it faster, or in smaller requests.");
  return core::fail(core::Code::bad_request, "The connection ended before the whole body arrived.");
}

std::unexpected<core::Error> late() {
  return core::fail(core::Code::request_timeout, "The body could not be worked through in time.", "",
                    "Send it in smaller requests.");
}

std::unexpected<core::Error> too_large(std::uint64_t limit) {
  return core::fail(core::Code::content_too_large,
                    "The decoded body is larger than the " + std::to_string(limit) + " bytes taken here.", "",
                    "Send it in several requests.");
}

std::unexpected<core::Error> longer(std::uint64_t limit) {
  return core::fail(core::Code::content_too_large,
                    "The body is larger than the " + std::to_string(limit) + " bytes taken here.", "",
                    "Send it in several requests.");
}

std::unexpected<core::Error> no_memory(BodyMemory::Grown grown) {
  if (grown == BodyMemory::Grown::organisation_full)
    return core::fail(core::Code::unavailable,
                      "The bodies that your organisation is sending hold as much memory as they may.", "",
                      "Let some of them end, then try again.");
  return core::fail(core::Code::unavailable, "The bodies that arrive now hold as much memory as they may.", "",
                    "Try again in a moment.");
}

}  // namespace

ConnectionBody::ConnectionBody(Connection& connection, std::string& pending, BodyPlan plan, BodyMemory::Hold* hold)
    : connection_(connection),
      pending_(pending),
      plan_(plan),
      hold_(hold),
      limit_(plan.limit),
      latest_(plan.latest),
      waiting_left_(plan.time),
      unread_(plan.length) {
  if (plan_.coding != Coding::identity && plan_.length > 0) decoder_ = make_decoder(plan_.coding);
}

// RFC 9110 section 10.1.1: whoever asked for 100 Continue waits for it, unless the body is already on its way.
Awaitable<core::Result<void>> ConnectionBody::begin() {
  begun_ = true;
  if (plan_.expects_continue && pending_.empty()) {
    Gather interim("HTTP/1.1 100 Continue\r\n\r\n");
    if (!co_await connection_.send(interim, {plan_.write_stall, plan_.write_stall})) co_return lost(Arrival::failed);
  }
  co_return core::Result<void>();
}

// What the handler does between two pieces is not held against the client: it may take longer than a slow client does.
Awaitable<Arrival> ConnectionBody::receive(std::span<char> into, std::size_t& got) {
  auto const began = Connection::Clock::now();
  connection_.set_deadline(std::min(began + waiting_left_, latest_));
  Arrival const arrival = co_await connection_.receive(into, got);
  waiting_left_ -= Connection::Clock::now() - began;
  if (arrival == Arrival::bytes) connection_.clear_deadline();
  co_return arrival;
}

Awaitable<core::Result<std::size_t>> ConnectionBody::pull(std::span<char> into) {
  if (unread_ == 0) co_return std::size_t{0};
  if (!begun_) {
    auto ready = co_await begin();
    if (!ready) co_return std::unexpected(std::move(ready.error()));
  }
  auto most = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), unread_));
  std::size_t got = std::min(most, pending_.size());
  if (got > 0) {
    std::memcpy(into.data(), pending_.data(), got);
    pending_.erase(0, got);
  } else {
    Arrival arrival = co_await receive(into.first(most), got);
    if (arrival != Arrival::bytes) co_return lost(arrival);
  }
  unread_ -= got;
  co_return got;
}

core::Result<void> ConnectionBody::finish_decoding() const {
  if (decoder_->complete()) return {};
  return core::fail(core::Code::bad_request, "The compressed body ends too early.");
}

core::Result<void> ConnectionBody::count() {
  if (hold_ == nullptr) return {};
  auto grown = hold_->grow_to(gathered_ + (decoder_ != nullptr ? decoder_->held() : 0));
  if (grown != BodyMemory::Grown::yes) return no_memory(grown);
  return {};
}

core::Result<void> ConnectionBody::make_room(std::string& all, std::uint64_t more) {
  if (all.size() + more <= all.capacity()) return {};
  std::uint64_t longest = decoder_ != nullptr ? plan_.limit : plan_.length;
  gathered_ = std::max(all.size() + more, std::min<std::uint64_t>(all.capacity() * 2, longest));
  if (auto counted = count(); !counted) return counted;
  all.reserve(gathered_);
  return {};
}

Awaitable<core::Result<std::string_view>> ConnectionBody::next_decoded() {
  for (;;) {
    auto made = decoder_->decode(undecoded_, std::span(plain_.get(), kPiece));
    if (!made) co_return std::unexpected(std::move(made.error()));
    decoded_ += *made;
    if (decoded_ > limit_) co_return too_large(limit_);
    if (auto counted = count(); !counted) co_return std::unexpected(std::move(counted.error()));
    if (*made > 0) co_return std::string_view(plain_.get(), *made);
    auto got = co_await pull(std::span(raw_.get(), kPiece));
    if (!got) co_return std::unexpected(std::move(got.error()));
    if (*got == 0) {
      auto whole = finish_decoding();
      if (!whole) co_return std::unexpected(std::move(whole.error()));
      co_return std::string_view();
    }
    undecoded_ = std::string_view(raw_.get(), *got);
  }
}

Awaitable<core::Result<std::string_view>> ConnectionBody::next() {
  if (plan_.streamed_limit > 0) {
    limit_ = std::max(plan_.limit, plan_.streamed_limit);
    latest_ = std::max(plan_.latest, plan_.streamed_latest);
  }
  // A few bytes that are here already can decode to hours of work.
  if ((unread_ > 0 || decoder_ != nullptr) && Connection::Clock::now() > latest_) co_return late();
  co_return co_await next_piece();
}

Awaitable<core::Result<std::string_view>> ConnectionBody::next_piece() {
  if (plan_.length == 0) co_return std::string_view();
  if (raw_ == nullptr) raw_ = std::make_unique_for_overwrite<char[]>(kPiece);
  if (decoder_ != nullptr) {
    if (plain_ == nullptr) plain_ = std::make_unique_for_overwrite<char[]>(kPiece);
    co_return co_await next_decoded();
  }
  auto got = co_await pull(std::span(raw_.get(), kPiece));
  if (!got) co_return std::unexpected(std::move(got.error()));
  co_return std::string_view(raw_.get(), *got);
}

Awaitable<core::Result<std::string>> ConnectionBody::read_all() {
  if (unread_ > limit_) co_return longer(limit_);
  std::string all;
  if (decoder_ == nullptr && unread_ > 0) {
    // Straight into place. Memory follows the bytes that came, not the length that was claimed.
    std::size_t have = 0;
    while (unread_ > 0) {
      if (have == all.size()) {
        auto more = std::min<std::uint64_t>(unread_, std::max(have, kPiece));
        if (auto room = make_room(all, more); !room) co_return std::unexpected(std::move(room.error()));
        all.resize(have + more);
      }
      auto got = co_await pull(std::span(all).subspan(have));
      if (!got) co_return std::unexpected(std::move(got.error()));
      have += *got;
    }
    all.resize(have);
    co_return all;
  }
  for (;;) {
    auto piece = co_await next_piece();
    if (!piece) co_return std::unexpected(std::move(piece.error()));
    if (piece->empty()) co_return all;
    if (auto room = make_room(all, piece->size()); !room) co_return std::unexpected(std::move(room.error()));
    all.append(*piece);
    // A few bytes can decode to all that is allowed: others get their turn in between.
    if (all.size() / kTurn != (all.size() - piece->size()) / kTurn)
      co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
  }
}

}  // namespace tocsin::http
