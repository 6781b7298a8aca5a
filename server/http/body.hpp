// The body of the request under way, pulled from its connection. Owned by the session's frame for one request.
#pragma once

#include <memory>
#include <string>

#include "server/http/body_memory.hpp"
#include "server/http/connection.hpp"
#include "server/http/content_coding.hpp"
#include "server/http/message.hpp"

namespace tocsin::http {

struct BodyPlan {
  std::uint64_t length = 0;          // Content-Length
  std::uint64_t limit = 0;           // of the decoded bytes
  Coding coding = Coding::identity;  // Content-Encoding
  bool expects_continue = false;
  std::chrono::milliseconds time{0};                                            // of waiting for the whole body
  Connection::Clock::time_point latest = Connection::Clock::time_point::max();  // the whole body has arrived by then
  // In place of `limit` and `latest`, where they allow more, when the body is pulled with next(); 0: those hold.
  std::uint64_t streamed_limit = 0;
  Connection::Clock::time_point streamed_latest = Connection::Clock::time_point::max();
  std::chrono::milliseconds write_stall{0};
};

class ConnectionBody final : public BodyReader {
 public:
  // `pending` holds what arrived behind the head; the body takes its share off it.
  // Without `hold` its memory is not counted: the operator's body is let in whatever others hold.
  ConnectionBody(Connection& connection, std::string& pending, BodyPlan plan, BodyMemory::Hold* hold);

  Awaitable<core::Result<std::string_view>> next() override;
  Awaitable<core::Result<std::string>> read_all() override;

  // True when the next bytes on the connection are those of the next request.
  [[nodiscard]] bool is_finished() const { return unread_ == 0; }

 private:
  // Raw bytes into `into`, at least one; 0 when the body has none left.
  [[nodiscard]] Awaitable<core::Result<std::size_t>> pull(std::span<char> into);
  [[nodiscard]] Awaitable<core::Result<void>> begin();
  [[nodiscard]] Awaitable<core::Result<std::string_view>> next_piece();
  [[nodiscard]] Awaitable<core::Result<std::string_view>> next_decoded();
  // Bytes from the connection, as long as there is time to wait for them.
  [[nodiscard]] Awaitable<Arrival> receive(std::span<char> into, std::size_t& got);
  [[nodiscard]] core::Result<void> finish_decoding() const;
  // Makes room for `more` bytes behind those of `all`, as far as there is memory for bodies.
  [[nodiscard]] core::Result<void> make_room(std::string& all, std::uint64_t more);
  // Counts what is held now. Error unavailable.
  [[nodiscard]] core::Result<void> count();

  Connection& connection_;
  std::string& pending_;
  BodyPlan const plan_;
  BodyMemory::Hold* const hold_;
  std::uint64_t limit_;                       // of this way of reading
  Connection::Clock::time_point latest_;      // likewise
  Connection::Clock::duration waiting_left_;  // for the client
  std::uint64_t unread_;
  std::uint64_t decoded_ = 0;
  std::uint64_t gathered_ = 0;  // bytes of memory of the text that read_all makes
  bool begun_ = false;
  std::unique_ptr<Decoder> decoder_;
  std::unique_ptr<char[]> raw_, plain_;  // made at the first pull
  std::string_view undecoded_;           // the rest of raw_ that the decoder has not taken yet
};

}  // namespace tocsin::http
