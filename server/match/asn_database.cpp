#include "server/match/asn_database.hpp"

#include <arpa/inet.h>
#include <maxminddb.h>
#include <netinet/in.h>

#include <utility>

namespace tocsin::match {
namespace {

MMDB_lookup_result_s look_up(MMDB_s const& file, IpAddress const& address, int& error) {
  if (!address.six) {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_addr.s_addr = htonl(static_cast<FourBits>(address.value));
    return MMDB_lookup_sockaddr(&file, reinterpret_cast<sockaddr const*>(&four), &error);
  }
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  for (unsigned at = 0; at < 16; ++at)
    six.sin6_addr.s6_addr[at] = static_cast<std::uint8_t>(address.value >> (120 - 8 * at));
  return MMDB_lookup_sockaddr(&file, reinterpret_cast<sockaddr const*>(&six), &error);
}

}  // namespace

void AsnDatabase::Closer::operator()(MMDB_s* file) const {
  MMDB_close(file);
  delete file;
}

core::Result<AsnDatabase> AsnDatabase::open(std::string const& path) {
  auto opened = std::make_unique<MMDB_s>();
  int const status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, opened.get());
  if (status != MMDB_SUCCESS)
    return core::fail(core::Code::io_failed,
                      "The database of autonomous systems " + path + " cannot be opened: " + MMDB_strerror(status), {},
                      "Name a file in MaxMind DB format, such as GeoLite2-ASN.mmdb.");
  return AsnDatabase(File(opened.release()));
}

std::optional<std::uint32_t> AsnDatabase::find(IpAddress const& address) const {
  int error = MMDB_SUCCESS;
  auto found = look_up(*file_, address, error);
  if (error != MMDB_SUCCESS || !found.found_entry) return std::nullopt;
  MMDB_entry_data_s value;
  int const status = MMDB_get_value(&found.entry, &value, "autonomous_system_number", nullptr);
  if (status != MMDB_SUCCESS || !value.has_data) return std::nullopt;
  if (value.type == MMDB_DATA_TYPE_UINT32) return value.uint32;
  return value.type == MMDB_DATA_TYPE_UINT16 ? std::optional<std::uint32_t>(value.uint16) : std::nullopt;
}

}  // namespace tocsin::match
