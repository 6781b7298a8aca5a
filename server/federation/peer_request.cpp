#include "server/federation/peer_request.hpp"

namespace tocsin::federation {

core::Result<std::string> ask(Transport& transport, std::string const& target, std::size_t most_bytes,
                              std::chrono::seconds timeout) {
  auto answer = transport.get(target, most_bytes, timeout);
  if (!answer) return std::unexpected(std::move(answer.error()));
  return body_of(*std::move(answer), target);
}

core::Result<std::string> body_of(PeerAnswer answer, std::string const& target) {
  if (answer.status == 200) return std::move(answer.body);
  auto const sentence =
      "The peer answered " + std::to_string(answer.status) + " to " + target.substr(0, target.find('?')) + ".";
  if (answer.status == 401 || answer.status == 403)
    return core::fail(core::Code::forbidden, sentence, "",
                      "It does not know the key of federation.certificate, or has paused this instance: ask its "
                      "operator.");
  if (answer.status == 429 || answer.status == 503) return core::fail(core::Code::unavailable, sentence);
  return core::fail(core::Code::io_failed, sentence, "", "Compare the versions of both instances.");
}

}  // namespace tocsin::federation
