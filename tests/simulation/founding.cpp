#include "tests/simulation/founding.hpp"

#include <algorithm>
#include <stdexcept>

#include "schema/core/digest.hpp"
#include "server/access/directory.hpp"
#include "server/base/files.hpp"
#include "server/store/database.hpp"
#include "tests/simulation/virtual_time.hpp"

namespace tocsin::simulation {
namespace {

constexpr std::uint64_t kYear2090 = 3'786'912'000;
constexpr std::size_t kFullMesh = 5;  // in larger ones nobody follows everybody
constexpr std::int64_t kFounded = kBeginning - 3'600 * kSecond;

log::SignerKey key(std::string name, log::KeyType type) {
  return must(log::SignerKey::make(std::move(name), type, log::SigningKey::generate()));
}

std::string identity() { return "identity--" + core::to_text(core::random_uuid()); }

// An instance while it is made a peer of others.
struct Newcomer {
  Newcomer(Founding const& founding, std::size_t one)
      : database(must(store::open_sqlite({founding.layout(one).database(), 8, 8}))) {
    must(registry.reload(database->accounts()));
    peering =
        std::make_unique<federation::Peering>(database->peers(), database->accounts(), registry, founding.own(one));
    must(peering->load());
  }
  std::string accept(std::string const& line) {
    auto const received = must(peering->receive(line, "", kFounded));
    must(peering->take(received, kFounded));
    return received.reply;
  }
  std::unique_ptr<store::Database> database;
  access::Registry registry;
  std::unique_ptr<federation::Peering> peering;
};

std::string quoted(std::vector<std::string> const& texts) {
  std::string out;
  for (auto const& text : texts) out += (out.empty() ? "\"" : ", \"") + text + "\"";
  return "[" + out + "]";
}

std::string terms(Agreed const& agreed, Founder const& with) {
  std::vector<std::string> identities{with.identities.front()}, collections{kCollections[0]};
  if (agreed.second_member) identities.push_back(with.identities.back());
  if (agreed.campaigns) collections.emplace_back(kCollections[1]);
  return "direction = \"both\"\nidentities = " + quoted(identities) + "\ncollections = " + quoted(collections) +
         "\nmax_tlp = \"" + std::string(stix::name(agreed.max_tlp)) +
         "\"\nentries_per_hour = 100000\nmib_per_hour = 1024\n";
}

}  // namespace

Founder::Founder(std::string const& name)
    : host(name),
      root(key(name + "/root", log::KeyType::signature)),
      log(key(name + "/log", log::KeyType::signature)),
      freshness(key(log::freshness_name(name + "/log"), log::KeyType::cosignature)),
      witness(key(log::witness_name(name + "/log"), log::KeyType::cosignature)),
      applied(key(log::applied_name(name + "/log"), log::KeyType::cosignature)),
      identities{identity(), identity()},
      manifest{1,
               kYear2090,
               log.verifier(),
               freshness.verifier(),
               witness.verifier(),
               applied.verifier(),
               "https://" + name,
               {core::random_salt()},
               identities} {
  std::ranges::sort(manifest.identities);
}

Founding::Founding(std::size_t instances) {
  for (std::size_t i = 0; i < instances; ++i) {
    founders_.push_back(std::make_unique<Founder>("n" + std::to_string(i) + ".example"));
    found(i);
  }
  introduce();
}

federation::Own Founding::own(std::size_t one) const {
  auto const& founder = of(one);
  return {layout(one).manifest(), layout(one).peers(), [&founder] { return log::SignerKey::parse(founder.log.text()); },
          [&founder] { return core::Result<log::VerifierKey>(founder.root.verifier()); }};
}

bool Founding::are_peers(std::size_t one, std::size_t other) const {
  auto const apart = one > other ? one - other : other - one;
  return apart != 0 && (size() <= kFullMesh || std::min(apart, size() - apart) <= 2);
}

Agreed Founding::agreed(std::size_t here, std::size_t with) const {
  constexpr stix::Tlp kLevels[] = {stix::Tlp::green, stix::Tlp::amber, stix::Tlp::amber_strict};
  return {kLevels[(here * 7 + with * 5) % 3], (here + with) % 2 == 0, (here + 2 * with) % 3 != 0};
}

std::optional<std::size_t> Founding::relay(std::size_t reader, std::size_t origin) const {
  for (std::size_t i = 1; i < size(); ++i)
    if (auto const next = (reader + i) % size(); are_peers(reader, next) && are_peers(next, origin)) return next;
  return std::nullopt;
}

// Everybody's log may be handed on, and is to whoever asks for it.
std::string Founding::agreement(std::size_t here, std::size_t with) const {
  std::vector<std::string> others;
  for (std::size_t i = 0; i < size(); ++i)
    if (i != with && are_peers(here, i)) others.push_back(of(i).host);
  std::string out = terms(agreed(here, with), of(with)) + "relayed = true\nrelays = " + quoted(others) + "\n";
  if (auto const next = relay(here, with)) out += "via = \"" + of(*next).host + "\"\n";
  return out;
}

void Founding::found(std::size_t one) {
  auto const at = layout(one);
  for (auto const& folder : {at.directory, at.keys(), at.peers()}) std::filesystem::create_directories(folder);
  must(store::migrate_sqlite(at.database()));
  auto const& founder = of(one);
  must(base::write_file(at.log_key(), founder.log.text() + "\n", 0600));
  must(base::write_file(at.manifest(), must(log::sign_manifest(founder.manifest, founder.root)).format(), 0600));
  auto const database = must(store::open_sqlite({at.database(), 8, 8}));
  auto& accounts = database->accounts();
  for (std::size_t i = 0; i < kMembers; ++i)
    must(accounts.add(
        store::Organisation{0, "member" + std::to_string(i), "lab", 4, founder.identities[i], "", false, kFounded}));
  for (auto const* alias : {kCollections[0], kCollections[1], kInternal})
    must(accounts.add(store::Collection{0, core::to_text(core::random_uuid()), alias, alias, "", 1, kFounded}));
}

void Founding::introduce() {
  std::vector<std::unique_ptr<Newcomer>> newcomers;
  for (std::size_t i = 0; i < size(); ++i) newcomers.push_back(std::make_unique<Newcomer>(*this, i));
  for (std::size_t i = 0; i < size(); ++i)
    for (std::size_t j = i + 1; j < size(); ++j) {
      if (!are_peers(i, j)) continue;
      auto const invited = must(newcomers[i]->peering->invitation(kFounded));
      must(newcomers[i]->peering->keep(invited, kFounded));
      (void)newcomers[i]->accept(newcomers[j]->accept(invited.line));
    }
  for (std::size_t i = 0; i < size(); ++i) {
    for (std::size_t j = 0; j < size(); ++j) {
      if (!are_peers(i, j)) continue;
      must(newcomers[i]->peering->set_state(of(j).host, store::PeerState::active, "", kFounded));
      must(base::write_file(layout(i).peers() / (of(j).host + ".toml"), agreement(i, j), 0600));
    }
    auto const read = newcomers[i]->peering->read_agreements();
    for (auto const& one : read)
      if (!one.mistakes.empty()) throw std::runtime_error(one.mistakes.front().detail);
    must(newcomers[i]->peering->take(read));
  }
}

}  // namespace tocsin::simulation
