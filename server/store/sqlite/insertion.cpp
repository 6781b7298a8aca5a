// Writing a version and what finds it: the part of Commits that gives it its place in the log.
#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::int64_t kDataLog = 0;

}  // namespace

// What another instance logged has its leaf there, and takes no number here.
Commits::Logged Commits::logged(Candidate const& candidate, Class& cls, CommitRules const& rules) {
  if (auto const& foreign = candidate.foreign)
    return {foreign->origin,
            static_cast<std::int64_t>(foreign->index),
            static_cast<std::int64_t>(foreign->class_sequence),
            {foreign->header, {}, {}}};
  if (!candidate.logged) return {};
  Logged out{0, log_.data_size++, cls.next_sequence++, {}};
  cls.dirty = true;
  out.seal =
      rules.seal({static_cast<std::uint64_t>(*out.index), cls.token, static_cast<std::uint64_t>(*out.class_sequence),
                  static_cast<std::uint64_t>(log_.control_size), &candidate});
  return out;
}

RowId Commits::insert_version(Candidate const& candidate, RowId type, Class& cls, CommitRules const& rules) {
  Logged const logged = this->logged(candidate, cls, rules);
  std::optional<std::int64_t> creator;
  if (!candidate.creator.empty()) creator = name_row(candidate.creator);
  insert_version_.start()
      .bind(candidate.asserter)
      .bind(type)
      .bind_blob(core::view(candidate.uuid))
      .bind(candidate.modified_ns);
  insert_version_.bind(candidate.created_ns)
      .bind(std::int64_t{candidate.unversioned})
      .bind(cls.row)
      .bind(name_row(candidate.kind));
  insert_version_.bind(std::int64_t{candidate.revoked}).bind(creator);
  candidate.value_key ? insert_version_.bind_blob(core::view(*candidate.value_key)) : insert_version_.bind_null();
  insert_version_.bind(logged.origin).bind(logged.index).bind(logged.class_sequence);
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
  chains_.add({{candidate.uuid, type}, candidate.asserter, candidate.modified_ns}, {version, cls.row});
  campaigns_.keep(candidate, cls.row, version);
  responses_.keep(candidate, cls.row, version);
  if (candidate.searchable) indicators_.keep(*candidate.searchable, {version, cls.row, candidate.asserter, creator});
  if (logged.index && logged.origin == 0) insert_leaf(kDataLog, *logged.index, logged.seal.leaf, logged.seal.entry);
  return version;
}

void Commits::insert_leaf(std::int64_t log, std::int64_t position, core::Digest const& leaf, log::Entry const& entry) {
  insert_leaf_.start().bind(log).bind(position).bind_blob(core::view(leaf)).bind_blob(core::view(entry)).run();
}

}  // namespace tocsin::store::sqlite
