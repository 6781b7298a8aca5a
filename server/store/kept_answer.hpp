// The answer to a request that came with an Idempotency-Key, kept so that the request is not carried out twice. Value
// types: made by who answers, stored by the commit store in the transaction of the change that is answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"

namespace tocsin::store {

struct Fate;

struct KeptAnswer {
  std::int64_t organisation = 0;  // of who asked; 0: the operator
  core::Digest key{};             // of the key; secret to the instance, as that of the request
  core::Digest request{};         // of who asked for what
  std::int64_t kept_us = 0;
  std::string answer;
};

inline constexpr std::int64_t kAnswersKeptUs = std::int64_t{24} * 3'600 * 1'000'000;
// Of one organisation: beyond them the oldest go.
inline constexpr std::size_t kMostKeptAnswers = 1'000;
inline constexpr std::size_t kMostKeptBytes = 16u << 20;
// A longer one tells of items, which are found unchanged when they are sent again.
inline constexpr std::size_t kLongestKeptAnswer = 4u << 20;

// Makes the answer to a submission from the fates of all its candidates, inside the transaction that decides the last
// of them; again when that transaction fails and is tried again. nullopt: there is none to keep. Commit thread.
using Answering = std::function<std::optional<KeptAnswer>(std::span<Fate const>)>;

class AnswerReader {
 public:
  virtual ~AnswerReader() = default;
  // nullopt: there is none, or it is too old. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::optional<KeptAnswer>> find(std::int64_t organisation, core::Digest const& key,
                                                                     std::int64_t now_us) = 0;
};

}  // namespace tocsin::store
