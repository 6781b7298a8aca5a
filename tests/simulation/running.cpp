#include "tests/simulation/running.hpp"

#include "schema/log/checkpoint.hpp"
#include "schema/log/manifest.hpp"
#include "server/access/classify.hpp"

namespace tocsin::simulation {
namespace {

using store::LogName;

bool covers(std::string_view wide, std::string_view narrow) {
  auto const w = access::parse_class_key(wide), n = access::parse_class_key(narrow);
  return w && n && access::covers(*w, *n);
}
bool equal_but_for_epochs(std::string_view a, std::string_view b) {
  auto const first = access::parse_class_key(a), second = access::parse_class_key(b);
  return first && second && access::equal_but_for_epochs(*first, *second);
}

std::size_t number_in(Founding const& founding, std::string const& origin) {
  for (std::size_t i = 0; i < founding.size(); ++i)
    if (founding.of(i).manifest.origin() == origin) return i;
  throw std::logic_error("nobody has this log");
}

// Two roots of one size, both signed by the log's key.
bool fork(log::SignerKey const& data_key, std::string const& stored, std::string const& next) {
  auto const control_key = must(data_key.named(log::control_origin(data_key.verifier().name())));
  for (auto const* key : {&data_key, &control_key}) {
    auto const first = log::open_checkpoint(stored, key->verifier(), {}),
               second = log::open_checkpoint(next, key->verifier(), {});
    if (first && second)
      return first->checkpoint.size == second->checkpoint.size && first->checkpoint.root != second->checkpoint.root;
  }
  return false;
}

}  // namespace

void WatchedMisbehaviour::report(std::string const& origin, core::Code verdict, std::string const& stored_note,
                                 std::string const& new_note) {
  hand_on(
      origin, core::row(verdict).code, [&] { inner_.report(origin, verdict, stored_note, new_note); },
      fork(founding_.of(number_in(founding_, origin)).log, stored_note, new_note));
}

void WatchedMisbehaviour::report(std::string const& origin, log::Evidence const& evidence) {
  hand_on(
      origin, "rewritten", [&] { inner_.report(origin, evidence); },
      log::verify_evidence(evidence, evidence.log).has_value());
}

void WatchedMisbehaviour::hand_on(std::string const& origin, std::string_view what, std::function<void()> const& report,
                                  bool convicts) {
  auto const who = number_in(founding_, origin);
  auto const& name = founding_.of(who).host;
  around_.history.note(name_ + " reports n" + std::to_string(who) + ": " + std::string(what));
  if (around_.fault == PlantedFault::whoever_is_reported_is_quarantined)
    must(peering_.set_state(name, store::PeerState::quarantined, "", kBeginning));
  else if (around_.fault != PlantedFault::reports_are_dropped)
    report();
  bool const quarantined = peering_.quarantined(name).has_value();
  if (quarantined) around_.history.note(name_ + " quarantines n" + std::to_string(who));
  if (quarantined && around_.is_honest(who))
    around_.history.fail("who is honest is never quarantined", name_ + " quarantined n" + std::to_string(who));
  if (!quarantined && convicts)
    around_.history.fail("two statements that met quarantine who signed them",
                         name_ + " goes on following n" + std::to_string(who));
}

Watching Instance::Running::watching(Instance& of) const {
  return {of.name(),
          *database,
          of.around_.history,
          of.around_.fault,
          [&of](std::string const& where) { of.around_.may_crash(of.number_, where); },
          [&of](std::string const& origin) {
            return of.around_.ways.is_honest(of.number_, number_in(of.founding_, origin));
          }};
}

Instance::Running::Running(Instance& of, CursorsByOrigin& cursors)
    : instance(of),
      database(must(store::open_sqlite({of.directory_ / "tocsin.db", 1, 8}))),
      reader(must(database->open_reader())),
      ranges(database->ranges(), true),
      allow_lists(database->allow_lists()),
      peering(database->peers(), database->accounts(), registry, of.founding_.own(of.number_)),
      rules(of.founding_.of(of.number_).manifest.origin(), "", covers, equal_but_for_epochs),
      door(admission::Limits{}),
      trees(database->origins(), perform()),
      intake(intake_context(), database->origins()),
      control({database->recalls(), rules, trees, peering, of.clock, log, perform(),
               [](store::AppliedControl const&) {},
               [&founder = of.founding_.of(of.number_)] { return log::SignerKey::parse(founder.applied.text()); },
               [] { return 0.0; }}),
      keeper({peering, database->origins(), database->witnesses(), trees, perform(), of.clock, log}),
      watched_intake(intake, watching(of), cursors),
      watched_control(control, watched_intake, watching(of)),
      watched_misbehaviour(keeper, peering, of.founding_, of.around_, of.name()),
      control_keeper(database->relays(), perform(), watched_control),
      relayed({peering, database->origins(), trees, perform()}),
      around{watched_intake,
             control_keeper,
             watched_misbehaviour,
             of.clock,
             log,
             metrics,
             of.around_.random,
             [this](store::Origin const& origin, federation::Transport& to) { return acknowledge(origin, to); },
             [this](store::Misrelayed const& entry) { told_of(entry); },
             [this](store::Origin const& origin) { (void)relayed.grown(origin); }} {
  settings.demo = true;
  settings.widest_v4 = 8;
  settings.widest_v6 = 16;
  must(registry.reload(database->accounts()));
  must(peering.load());
  must(peering.take(peering.read_agreements()));
  for (auto const name : {LogName::data, LogName::control}) logs.emplace(name, integrated(name));
  for (std::size_t peer = 0; peer < of.founding_.size(); ++peer)
    if (of.founding_.are_peers(of.number_, peer)) follow(peer);
}

app::IntakeContext Instance::Running::intake_context() {
  return {settings,
          instance.clock,
          registry,
          ranges,
          allow_lists,
          peering,
          door,
          perform(),
          [] { return core::Result<void>(); },
          [this](store::Delivery const& delivery) { return deliver(delivery); }};
}

// As the group commit takes it, with nobody else's submissions in between.
core::Result<std::vector<store::Fate>> Instance::Running::deliver(store::Delivery const& delivery) {
  auto outcome = database->commits().deliver(delivery, rules, instance.clock.now_us());
  if (!outcome) return std::unexpected(outcome.error());
  learn(*outcome);
  return std::move(outcome->fates.front());
}

void Instance::Running::learn(store::CommitOutcome const& outcome) {
  registry.learn(outcome.new_classes, outcome.new_corners);
  registry.learn(outcome.new_statements);
}

Integrated Instance::Running::integrated(LogName name) {
  auto const& founder = instance.founding_.of(instance.number_);
  bool const data = name == LogName::data;
  auto key = data ? log::SignerKey::parse(founder.log.text())
                  : founder.log.named(log::control_origin(founder.manifest.origin()));
  auto const file = instance.directory_ / (data ? "data.signed" : "control.signed");
  auto before = must(ledger::read_log_state(file));
  auto freshness = std::make_shared<log::SignerKey const>(must(log::SignerKey::parse(founder.freshness.text())));
  Integrated out;
  out.integrator = std::make_unique<ledger::LogIntegrator>(
      must(database->open_log()), name, ledger::LogSigner(must(std::move(key)), std::move(freshness), file, before));
  if (auto note = out.integrator->again()) {
    out.note = *note;
    out.size = out.integrator->last()->log.size;
  }
  return out;
}

void Instance::Running::publish(LogName name) {
  auto& published = logs.at(name);
  auto note = published.integrator->sign(false, static_cast<std::uint64_t>(instance.clock.now_us() / kSecond));
  if (!note)
    instance.around_.history.fail("an instance goes on from what it signed",
                                  instance.name() + ": " + note.error().detail);
  published.note = *std::move(note);
  published.size = published.integrator->last()->log.size;
}

void Instance::Running::follow(std::size_t peer) {
  for (auto const& shown : peering.peers()) {
    if (shown.peer.name != instance.founding_.of(peer).host || shown.peer.state != store::PeerState::active) continue;
    auto& link = links[peer];
    link.transport = transport_to(peer);
    link.follower = std::make_unique<federation::PeerFollower>(
        federation::Followed{shown.peer.name, shown.manifest, shown.agreement}, *link.transport, around);
  }
}

}  // namespace tocsin::simulation
