#include "server/app/expiry.hpp"

#include "schema/stix/timestamp.hpp"
#include "server/app/validity.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {
namespace {

constexpr std::int64_t kSoonUs = std::int64_t{14} * 86'400 * 1'000'000;

std::string text(std::int64_t at_us) { return stix::Timestamp::from_microseconds(at_us).text(); }

Warning of_certificate(std::string_view event, std::string const& file, std::string what, std::int64_t now_us) {
  return {event, "The certificate " + file + what + "; this machine's clock says " + text(now_us) + ".",
          "See that the clock is right, put a good certificate and its key in place (`tocsind key rotate --tls` makes "
          "one of the development authority) and send SIGHUP."};
}

}  // namespace

Expiry::Expiry(base::Metrics& metrics)
    : certificate_(metrics.gauge("tocsin_certificate_end_timestamp_seconds",
                                 "When the server's certificate ends, since 1970; 0 unknown.")),
      list_(metrics.gauge("tocsin_revocation_list_end_timestamp_seconds",
                          "When the first revocation list of clients runs out, since 1970; 0 none.")) {}

std::vector<Warning> Expiry::look(Layout const& layout, base::Config const& config, std::int64_t now_us) {
  std::vector<Warning> out;
  auto file = layout.directory / config.tls.certificate;
  auto pem = base::read_file(file, 1 << 20);
  auto validity = pem ? validity_of_certificate(*pem) : core::Result<Validity>(std::unexpected(pem.error()));
  certificate_.set(validity ? validity->until_us / 1'000'000 : 0);
  if (validity && validity->from_us > now_us)
    out.push_back(
        of_certificate("certificate.not-yet", file.string(), " is good from " + text(validity->from_us), now_us));
  else if (validity && validity->until_us <= now_us)
    out.push_back(of_certificate("certificate.ended", file.string(), " ended on " + text(validity->until_us), now_us));
  else if (validity && validity->until_us - now_us < kSoonUs)
    out.push_back(of_certificate("certificate.ends", file.string(), " ends on " + text(validity->until_us), now_us));
  list_.set(0);
  if (!config.listen.mtls || config.tls.client_crl.empty()) return out;
  auto lists = layout.directory / config.tls.client_crl;
  auto lists_pem = base::read_file(lists, 64 << 20);
  auto end =
      lists_pem ? first_end_of_lists(*lists_pem) : core::Result<std::int64_t>(std::unexpected(lists_pem.error()));
  if (end) list_.set(*end / 1'000'000);
  if (end && *end <= now_us)
    out.push_back({"revocation-list.ended",
                   "A revocation list in " + lists.string() + " ran out on " + text(*end) +
                       ": no client certificate of its authority is let in.",
                   "Put a newer list of the authority in its place and send SIGHUP."});
  return out;
}

}  // namespace tocsin::app
