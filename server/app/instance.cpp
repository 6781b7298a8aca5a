#include "server/app/instance.hpp"

#include <algorithm>
#include <array>

#include "schema/core/digest.hpp"
#include "server/access/classify.hpp"
#include "server/app/chance.hpp"
#include "server/app/commit_rules.hpp"
#include "server/app/erasure.hpp"
#include "server/app/following.hpp"
#include "server/app/keys.hpp"
#include "server/app/log_keys.hpp"
#include "server/app/publishing.hpp"
#include "server/app/recall.hpp"
#include "server/app/rotation.hpp"
#include "server/app/seal.hpp"
#include "server/base/files.hpp"
#include "server/endpoints/routes.hpp"

namespace tocsin::app {
namespace {

ledger::CommitLimits commit_limits(base::Config const& config) {
  ledger::CommitLimits limits;
  limits.objects = static_cast<std::size_t>(config.store.commit_objects);
  limits.turn = std::max<std::size_t>(1, limits.objects / 4);
  limits.interval_us = config.store.commit_interval_ms * 1'000;
  limits.checkpoint_pages = config.store.wal_checkpoint_mib * 256;  // pages of 4 KiB
  limits.free_space_bytes = config.store.free_space_mib << 20;
  return limits;
}

admission::Limits admission_limits(base::Config const& config) {
  admission::Limits limits;
  limits.object_bytes = static_cast<std::size_t>(config.admission.max_object_kib) << 10;
  limits.future_tolerance_us = config.admission.future_tolerance_s * 1'000'000;
  return limits;
}

kinds::Lifetimes lifetimes(base::Config::Lifetimes const& config) {
  using kinds::days;
  return {.changing_address = kinds::hours(config.changing_address_h),
          .address = days(config.address_d),
          .network = days(config.network_d),
          .proxy_asn = days(config.proxy_asn_d),
          .proxy_domain = days(config.proxy_domain_d),
          .prompt_template = days(config.prompt_template_d),
          .account_pattern = days(config.account_pattern_d),
          .usage_profile = days(config.usage_profile_d),
          .tls_fingerprint = days(config.tls_fingerprint_d),
          .user_agent = days(config.user_agent_d),
          .keyed_identifier = days(config.keyed_identifier_d)};
}

std::vector<ledger::RetentionPeriod> periods(base::Config::Retention const& config) {
  return {{"account-pattern", config.account_pattern_d},
          {"canary", config.canary_d},
          {"ip-range", config.ip_range_d},
          {"keyed-identifier", config.keyed_identifier_d},
          {"prompt-template", config.prompt_template_d},
          {"proxy-asn", config.proxy_asn_d},
          {"proxy-domain", config.proxy_domain_d},
          {"tls-fingerprint", config.tls_fingerprint_d},
          {"usage-profile", config.usage_profile_d},
          {"user-agent", config.user_agent_d}};
}

std::size_t page_bytes(base::Config const& config) { return static_cast<std::size_t>(config.cache.pages_mib) << 20; }

// Two, so that one long submission does not hold up all others.
constexpr unsigned kAdmissionThreads = 2;

// A key of its own for each purpose, as stable as the instance.
core::Digest secret_for(std::string_view purpose, core::Digest const& cursor_key) {
  return core::hmac_sha256(core::view(cursor_key), {&purpose, 1});
}

ledger::ReadAuditOptions read_audit_options(Layout const& layout, core::Digest const& cursor_key) {
  ledger::ReadAuditOptions options;
  options.filter_key = secret_for("audit/filter/v1", cursor_key);
  options.spill = layout.audit_spill();
  return options;
}

// A credential may save up what it does not use in two seconds.
struct Rate {
  double per_second, burst;
};
Rate rate(base::Config const& config) {
  auto per_second = static_cast<double>(config.limits.requests_per_second);
  return {per_second, 2.0 * per_second};
}

void apply(endpoints::Settings& settings, base::Config const& config) {
  settings.max_content_length = static_cast<std::uint64_t>(config.taxii.max_content_length_mib) << 20;
  settings.default_page = static_cast<std::size_t>(config.taxii.default_page);
  settings.max_page = static_cast<std::size_t>(config.taxii.max_page);
  settings.widest_v4 = static_cast<int>(config.limits.widest_v4);
  settings.widest_v6 = static_cast<int>(config.limits.widest_v6);
}

endpoints::Settings settings(base::Config const& config) {
  endpoints::Settings settings;
  settings.identity = config.instance.identity;
  settings.demo = config.instance.demo;
  settings.retention = periods(config.retention);
  settings.host = config.instance.host;
  settings.port = config.listen.https.port;
  settings.title = config.taxii.title + (config.instance.demo ? " (demonstration)" : "");
  apply(settings, config);
  return settings;
}

federation::Own own_of(Layout const& layout) {
  return {layout.manifest(), layout.peers(), [layout] { return read_signer(layout.log_key()); },
          [layout] { return read_root_verifier(layout); }};
}

core::Error no_instance(Layout const& layout) {
  std::error_code unreadable;
  bool begun = std::filesystem::exists(layout.unfinished_config(), unreadable);
  return {core::Code::not_found,
          layout.directory.string() + (begun ? " holds an instance that `init` did not finish."
                                             : " holds no instance: tocsin.toml is missing."),
          "", "Make one with: tocsind init --dir " + layout.directory.string()};
}

}  // namespace

std::expected<base::Config, base::ConfigErrors> load_config(Layout const& layout) {
  auto text = base::read_file(layout.config(), 1 << 20);
  if (!text && text.error().code == core::Code::not_found)
    return std::unexpected(base::ConfigErrors{no_instance(layout)});
  if (!text) return std::unexpected(base::ConfigErrors{text.error()});
  return base::parse_config(*text);
}

core::Result<void> require_database(Layout const& layout) {
  std::error_code absent;
  auto size = std::filesystem::file_size(layout.database(), absent);
  if (!absent && size > 0) return {};
  return core::fail(core::Code::not_found, layout.database().string() + (absent ? " is missing." : " is empty."), "",
                    "Restore it from a backup.");
}

core::Error of_database(Layout const& layout, core::Error error) {
  if (error.code == core::Code::storage_failed || error.code == core::Code::log_inconsistent)
    error.detail = layout.database().string() + ": " + error.detail;
  return error;
}

namespace {

core::Result<void> refuse_sealed(Layout const& layout, base::Config const& config, store::Database& database) {
  auto logs = database.open_log();
  if (!logs) return std::unexpected(of_database(layout, logs.error()));
  auto why = why_sealed(layout, config, **logs);
  if (!why) return std::unexpected(why.error());
  if (*why) return std::unexpected(**why);
  return {};
}

}  // namespace

core::Result<std::unique_ptr<Instance>> Instance::open(Layout const& layout, base::Config const& config,
                                                       OpenDatabase const& open_database) {
  auto key_text = base::read_file(layout.cursor_key(), 1'024);
  if (!key_text) return std::unexpected(key_text.error());
  while (key_text->ends_with('\n')) key_text->pop_back();
  auto key_bytes = core::from_hex(*key_text);
  auto key = key_bytes ? core::to_array<32>(*key_bytes) : std::nullopt;
  if (!key)
    return core::fail(core::Code::io_failed, layout.cursor_key().string() + " is not 64 hexadecimal digits.", "",
                      "Restore it from a backup.");
  if (auto there = require_database(layout); !there) return std::unexpected(there.error());
  auto database = open_database({layout.database(), config.store.cache_mib});
  if (!database) return std::unexpected(of_database(layout, database.error()));
  if (auto open = refuse_sealed(layout, config, **database); !open) return std::unexpected(open.error());
  (void)(*database)->control().empty_write_ahead_log();  // of what was erased in the moment in which a server died
  if (auto settled = settle_log_key(layout, **database); !settled) return std::unexpected(settled.error());
  auto signer = audit_key(layout, config.instance.origin);
  if (!signer) return std::unexpected(signer.error());
  std::unique_ptr<Instance> instance(new Instance(layout, config, *std::move(database), *key, std::move(signer->key)));
  if (signer->instead_of)
    instance->log_.warning("audit.key_replaced", {{"missing", *signer->instead_of},
                                                  {"made", instance->checkpoints_.key().text()},
                                                  {"remedy",
                                                   "Keep both lines: checkpoints of the trail that the first "
                                                   "signed are verified with it alone."}});
  if (auto loaded = instance->registry_.reload(instance->database_->accounts()); !loaded)
    return std::unexpected(of_database(layout, loaded.error()));
  if (auto loaded = instance->ranges_.load(); !loaded) return std::unexpected(of_database(layout, loaded.error()));
  if (auto loaded = instance->allow_lists_.load(); !loaded) return std::unexpected(of_database(layout, loaded.error()));
  if (auto loaded = instance->mutes_.load(); !loaded) return std::unexpected(of_database(layout, loaded.error()));
  if (auto loaded = instance->peering_.load(); !loaded) return std::unexpected(of_database(layout, loaded.error()));
  instance->reload_agreements();
  return instance;
}

Instance::Instance(Layout const& layout, base::Config const& config, std::unique_ptr<store::Database> database,
                   core::Digest const& cursor_key, log::SignerKey audit_key)
    : log_(2, config.log.level),
      request_log_(config.log.requests),
      database_(std::move(database)),
      administration_(database_->accounts(), registry_),
      audiences_(database_->accounts(), registry_),
      ranges_(database_->ranges(), config.instance.demo),
      allow_lists_(database_->allow_lists()),
      mutes_(database_->mutes()),
      peering_(database_->peers(), database_->accounts(), registry_, own_of(layout)),
      rules_(commit_rules(config, registry_)),
      matching_({[this] { return database_->open_reader(); }, registry_, clock_, log_, metrics_}),
      keyed_(secret_for("idempotency/v1", cursor_key)),
      ledger_(
          database_->commits(), rules_, clock_, commit_limits(config), layout.directory, generations_,
          [this](store::CommitOutcome const& outcome) { observe(outcome); }, log_, metrics_),
      witnessing_({layout.witness_key(), layout.log_key(), config.instance.origin, *database_, peering_, ledger_, logs_,
                   clock_, log_}),
      relayed_({peering_, database_->origins(), witnessing_.trees(),
                [this](std::function<void()> job) { ledger_.perform(std::move(job)); }}),
      dependents_({config.instance.origin, peering_, database_->relays(),
                   [this](std::function<void()> job) { ledger_.perform(std::move(job)); }, clock_,
                   [layout] { return read_signer(layout.applied_key()); }, by_chance}),
      reads_(ledger_, database_->audit(), clock_, read_audit_options(layout, cursor_key), log_, metrics_),
      checkpoints_(std::move(audit_key), layout.audit_checkpoints()),
      door_(admission_limits(config), lifetimes(config.lifetimes)),
      cursors_(cursor_key),
      pages_(generations_, cursors_, page_bytes(config), metrics_),
      feeds_(feeds::Kept::kUsualBytes, metrics_),
      feed_signing_(layout.feed_generation(), clock_, log_),
      bridge_(*database_, static_cast<unsigned>(config.store.reader_threads)),
      workers_(kAdmissionThreads),
      limiter_(rate(config).per_second, rate(config).burst),
      in_flight_(static_cast<std::size_t>(config.limits.in_flight)),
      streams_(static_cast<std::size_t>(config.limits.open_streams), metrics_),
      context_{settings(config),
               clock_,
               log_,
               metrics_,
               registry_,
               sessions_,
               administration_,
               audiences_,
               ranges_,
               allow_lists_,
               mutes_,
               peering_,
               ledger_,
               pending_,
               generations_,
               reads_,
               checkpoints_,
               logs_,
               database_->commits(),
               database_->releases(),
               database_->waiting(),
               database_->recalls(),
               database_->audit(),
               bridge_,
               database_->witnesses(),
               witnessing_.witness(),
               door_,
               workers_,
               cursors_,
               pages_,
               limiter_,
               in_flight_,
               wholes_,
               long_bodies_,
               keyed_,
               streams_,
               bell_,
               matching_,
               log_bell_,
               polls_,
               secret_for("peer/terms/v1", cursor_key),
               [this, layout](store::Actor const& by) { return change_log_key(layout, by); },
               [this, layout](store::RowId asserter, stix::Identifier const& object, store::Actor const& by) {
                 return erase_object(layout, {asserter, std::string(object.type()), object.uuid()}, by);
               },
               [this, layout](endpoints::Recalling const& what) { return recall_object(layout, what); },
               [layout] { return control_key(layout); },
               [this] { return following_ ? following_->status() : std::vector<federation::PeerStatus>(); },
               relayed_,
               dependents_,
               feeds_,
               feed_signing_},
      router_(endpoints::routes(context_)),
      recall_alarm_(log_, metrics_, config.instance.origin) {}

core::Result<void> Instance::publish_logs(Layout const& layout, base::Config const& config) {
  auto logs = publish(layout, config, *database_, {clock_, log_, metrics_, [this] { log_bell_.ring(); }});
  if (!logs) return std::unexpected(logs.error());
  if (auto key = read_signer(layout.log_key())) feed_signing_.use(*std::move(key));  // as the logs, just now
  // The commit thread looks at them from the next commit on.
  ledger_.perform([&] { logs_ = *std::move(logs); });
  return {};
}

Instance::~Instance() = default;

void Instance::follow_peers(Layout const& layout, base::Config const& config) {
  following_ = std::make_unique<Following>(layout, config, context_, *database_, rules_, witnessing_, recall_alarm_);
}

void Instance::reload(base::Config const& config) {
  log_.set_least(config.log.level);
  request_log_ = config.log.requests;
  apply(context_.settings, config);
  door_.set_limits(admission_limits(config));
  limiter_.set_rate(rate(config).per_second, rate(config).burst);
  in_flight_.set_most(static_cast<std::size_t>(config.limits.in_flight));
  streams_.set_most(static_cast<std::size_t>(config.limits.open_streams));
  pages_.set_bytes(page_bytes(config));
  ledger_.set_limits(commit_limits(config));
  reload_agreements();
  if (following_) following_->reload(config);
}

void Instance::reload_agreements() {
  auto const read = peering_.read_agreements();
  if (read.empty()) return;
  core::Result<void> taken;
  ledger_.perform([&] { taken = peering_.take(read); });
  if (!taken) log_.error("reload.refused", {{"file", "peers"}, {"mistake", taken.error().detail}});
  for (auto const& [peer, digest, agreement, mistakes] : read)
    for (auto const& mistake : mistakes)
      log_.error("reload.refused",
                 {{"file", "peers/" + peer + ".toml"}, {"mistake", mistake.detail}, {"remedy", mistake.remedy}});
}

core::Result<endpoints::LogKeys> Instance::change_log_key(Layout const& layout, store::Actor const& by) {
  std::lock_guard lock(using_log_key_);
  auto perform = [this](std::function<void()> job) { ledger_.perform(std::move(job)); };
  auto changed = rotate_log_key(layout, *database_, perform, by);
  if (!changed) return std::unexpected(of_database(layout, changed.error()));
  auto keys = log_signing_keys(layout);
  if (!keys) return std::unexpected(keys.error());
  if (auto same = keys->data.named(keys->data.verifier().name())) feed_signing_.use(*std::move(same));
  if (logs_.data) logs_.data->use(std::move(keys->data));
  if (logs_.control) logs_.control->use(std::move(keys->control));
  return endpoints::LogKeys{changed->old_key, changed->new_key};
}

core::Result<endpoints::ErasedObject> Instance::erase_object(Layout const& layout, store::Erasure const& erasure,
                                                             store::Actor const& by) {
  std::lock_guard lock(using_log_key_);
  auto perform = [this](std::function<void()> job) { ledger_.perform(std::move(job)); };
  auto erased = erase(layout, *database_, perform, erasure, by);
  if (!erased) return std::unexpected(of_database(layout, erased.error()));
  if (erased->versions == 0) return endpoints::ErasedObject{};
  if (logs_.control) logs_.control->grown();
  touch(*erased);
  auto emptied = forget_destroyed();
  if (!emptied) return std::unexpected(of_database(layout, emptied.error()));
  return endpoints::ErasedObject{erased->versions, erased->leaves.size(), *emptied};
}

core::Result<ledger::LogVerdict> Instance::data_log() {
  auto logs = database_->open_log();
  if (!logs) return std::unexpected(logs.error());
  return ledger::read_root(**logs);
}

core::Result<store::Destroyed> Instance::destroy(Layout const& layout, std::span<store::RetentionRule const> rules,
                                                 store::RetentionBatch const& batch, ledger::LogVerdict const& data) {
  std::lock_guard lock(using_log_key_);
  auto perform = [this](std::function<void()> job) { ledger_.perform(std::move(job)); };
  auto destroyed = app::destroy(layout, *database_, perform, {rules, batch, data});
  if (destroyed && !destroyed->erased.leaves.empty() && logs_.control) logs_.control->grown();
  if (destroyed) touch(destroyed->erased);
  return destroyed;
}

core::Result<bool> Instance::forget_destroyed() {
  pages_.forget();
  feeds_.forget();
  auto perform = [this](std::function<void()> job) { ledger_.perform(std::move(job)); };
  bool const emptied = empty_write_ahead_log(*database_, perform);
  core::Result<void> loaded;  // without those of what was erased; nothing waits for it
  perform([&] { loaded = mutes_.load(); });
  if (!loaded) return std::unexpected(loaded.error());
  return emptied;
}

// No page is shown again that was made of it.
void Instance::touch(store::Erased const& erased) {
  for (std::int64_t sequence : erased.touched_sequences) generations_.touch(sequence);
  for (store::RowId collection : erased.collections) generations_.grow(collection);
  if (!erased.touched_sequences.empty()) matching_.begin_again();
}

void Instance::observe(store::CommitOutcome const& outcome) {
  registry_.learn(outcome.new_statements);
  if (logs_.data) logs_.data->grown();
  bell_.ring();
}

}  // namespace tocsin::app
