#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>

#include "server/http/stream.hpp"

namespace tocsin::http {
namespace {

class PlainStream final : public Stream {
 public:
  explicit PlainStream(int descriptor) : descriptor_(descriptor) {}

  Step handshake() override { return {Progress::done}; }

  Step read(std::span<char> into) override {
    for (;;) {
      ssize_t got = ::recv(descriptor_, into.data(), into.size(), 0);
      if (got > 0) return {Progress::done, static_cast<std::size_t>(got)};
      if (got == 0) return {Progress::ended};
      if (errno == EAGAIN) return {Progress::want_read};
      if (errno != EINTR) return {Progress::failed};
    }
  }

  Step write(Gather& pieces) override {
    while (pieces.size() > 0) {
      std::array<iovec, 3> vectors{};
      msghdr message{};
      message.msg_iov = vectors.data();
      for (std::string_view part : pieces.parts())
        if (!part.empty()) vectors[message.msg_iovlen++] = {const_cast<char*>(part.data()), part.size()};
      ssize_t sent = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
      if (sent >= 0)
        pieces.remove_prefix(static_cast<std::size_t>(sent));
      else if (errno == EAGAIN)
        return {Progress::want_write};
      else if (errno != EINTR)
        return {Progress::failed};
    }
    return {Progress::done};
  }

  bool has_buffered() const override { return false; }
  void end_writing() override { ::shutdown(descriptor_, SHUT_WR); }

 private:
  int const descriptor_;
};

}  // namespace

std::unique_ptr<Stream> make_plain_stream(int descriptor) { return std::make_unique<PlainStream>(descriptor); }

}  // namespace tocsin::http
