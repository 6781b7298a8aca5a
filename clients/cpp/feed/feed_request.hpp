// What a server says of a feed when it is asked for one, held against itself. Over a session; one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clients/cpp/outcome.hpp"
#include "clients/cpp/session.hpp"
#include "schema/log/keys.hpp"

namespace tocsin::client {

struct FeedRequest {
  std::string name;
  std::string format = "text";
  std::vector<std::pair<std::string, std::string>> parameters;  // the others, as the server calls them
  std::optional<log::VerifierKey> key;                          // of the log of who has to have signed the answer
};

struct FeedAnswer {
  std::optional<std::string> bytes;  // absent: they are those that the asker has
  std::string digest;                // SHA-256 of them, in hexadecimal digits
  std::size_t entries = 0;
  std::int64_t as_of_us = 0;           // when it was true, by the clock of the server
  std::int64_t expires_us = 0;         // when to have asked again, by the clock of the server
  std::chrono::milliseconds lasts{0};  // until then, when it answered
  // That it was signed with, of which later answers have greater ones; nullopt: no key was given.
  std::optional<std::uint64_t> generation;
};

// `digest` of the bytes that the asker has, "" without any. Bytes have the digest and as many values as the answer
// says, and nothing else in them; those that the asker has are the ones that it names. Neither were to be replaced more
// than an hour ago, by the clock of this machine. With a key all this is signed, as the answer to this very request.
// Failures: Exit::server, Exit::unverified, and those that a status means.
[[nodiscard]] Outcome<FeedAnswer> ask_for_feed(Session& session, FeedRequest const& request, std::string const& digest);

}  // namespace tocsin::client
