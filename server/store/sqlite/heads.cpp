// Heads of numberings: the part of Commits that logs what they have come to.
#include "schema/core/digest.hpp"
#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::int64_t kDataLog = 0;

}  // namespace

core::Result<std::size_t> Commits::log_heads(CommitRules const& rules) {
  try {
    load();
    auto const growing = numberings_.growing();
    if (growing.empty()) return std::size_t{0};
    Transaction transaction(connection_);
    for (auto* numbering : growing) log_head(*numbering, rules);
    save_counters();
    transaction.commit();
    return growing.size();
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

void Commits::log_head(Numberings::Numbering& numbering, CommitRules const& rules) {
  auto const index = log_.data_size++;
  auto const header_salt = core::random_salt(), body_salt = core::random_salt();
  auto const body = numbering.now.text();
  auto const seal = rules.seal({static_cast<std::uint64_t>(index), numbering.token, numbering.now.count,
                                static_cast<std::uint64_t>(log_.control_size), log::Header::Op::head, header_salt,
                                log::commit_body(body_salt, body)});
  numberings_.keep_head(numbering, static_cast<std::uint64_t>(index), seal, header_salt, body_salt, body);
  insert_leaf(kDataLog, index, seal.leaf, seal.entry);
}

}  // namespace tocsin::store::sqlite
