// Writing a version and what finds it: the part of Commits that gives it its place in the log.
#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::int64_t kDataLog = 0;

}  // namespace

// What another instance logged has its leaf there, and takes no number here.
Commits::Logged Commits::logged(Candidate const& candidate, Place place, CommitRules const& rules) {
  if (auto const& foreign = candidate.foreign)
    return {foreign->origin,
            static_cast<std::int64_t>(foreign->index),
            static_cast<std::int64_t>(foreign->class_sequence),
            std::nullopt,
            {foreign->header, {}, {}}};
  if (!candidate.logged) return {};
  auto& numbering = numberings_.of(place.cls, place.collection);
  auto const index = static_cast<std::uint64_t>(log_.data_size++), number = numbering.now.count + 1;
  Logged out{0, static_cast<std::int64_t>(index), static_cast<std::int64_t>(number), numbering.row, {}};
  out.seal = rules.seal({index, numbering.token, number, static_cast<std::uint64_t>(log_.control_size),
                         log::Header::Op::put, candidate.header_salt, candidate.body_commitment});
  numbering.add(index, out.seal.leaf);
  return out;
}

RowId Commits::insert_version(Candidate const& candidate, RowId type, Place place, CommitRules const& rules) {
  Logged const logged = this->logged(candidate, place, rules);
  std::optional<std::int64_t> creator;
  if (!candidate.creator.empty()) creator = name_row(candidate.creator);
  insert_version_.start()
      .bind(candidate.asserter)
      .bind(type)
      .bind_blob(core::view(candidate.uuid))
      .bind(candidate.modified_ns);
  insert_version_.bind(candidate.created_ns)
      .bind(std::int64_t{candidate.unversioned})
      .bind(place.cls)
      .bind(name_row(candidate.kind));
  insert_version_.bind(std::int64_t{candidate.revoked}).bind(creator);
  candidate.value_key ? insert_version_.bind_blob(core::view(*candidate.value_key)) : insert_version_.bind_null();
  insert_version_.bind(logged.origin).bind(logged.index).bind(logged.class_sequence).bind(logged.numbering);
  insert_version_.bind_blob(core::view(candidate.digest));
  if (logged.index) {
    insert_version_.bind_blob(logged.seal.header)
        .bind_blob(core::view(candidate.header_salt))
        .bind_blob(core::view(candidate.body_salt));
  } else {
    insert_version_.bind_null().bind_null().bind_null();
  }
  insert_version_.bind_blob(candidate.bytes).run();
  RowId version = connection_.last_insert();
  chains_.add({{candidate.uuid, type}, candidate.asserter, candidate.modified_ns}, {version, place.cls});
  campaigns_.keep(candidate, place.cls, version);
  responses_.keep(candidate, place.cls, version);
  if (candidate.searchable) indicators_.keep(*candidate.searchable, {version, place.cls, candidate.asserter, creator});
  if (logged.index && logged.origin == 0) insert_leaf(kDataLog, *logged.index, logged.seal.leaf, logged.seal.entry);
  return version;
}

void Commits::insert_leaf(std::int64_t log, std::int64_t position, core::Digest const& leaf, log::Entry const& entry) {
  insert_leaf_.start().bind(log).bind(position).bind_blob(core::view(leaf)).bind_blob(core::view(entry)).run();
}

}  // namespace tocsin::store::sqlite
