#include "clients/cpp/draft/shared_mail.hpp"

#include <algorithm>
#include <array>

namespace tocsin::client {
namespace {

// Providers that have many domains: the label before the public suffix.
constexpr auto kBrands = std::to_array<std::string_view>({"aol", "fastmail", "gmx", "hotmail", "live", "mailfence",
                                                          "outlook", "proton", "protonmail", "rediffmail", "tutanota",
                                                          "yahoo", "yandex", "ymail", "zoho", "zohomail"});

constexpr auto kDomains = std::to_array<std::string_view>(
    {"126.com",       "139.com",     "163.com",    "21cn.com",       "aliyun.com",  "att.net",     "bk.ru",
     "bol.com.br",    "comcast.net", "cox.net",    "daum.net",       "duck.com",    "email.com",   "foxmail.com",
     "free.fr",       "freenet.de",  "gmail.com",  "googlemail.com", "hanmail.net", "hey.com",     "hushmail.com",
     "icloud.com",    "inbox.ru",    "interia.pl", "laposte.net",    "libero.it",   "list.ru",     "mac.com",
     "mail.com",      "mail.ru",     "me.com",     "msn.com",        "nate.com",    "naver.com",   "o2.pl",
     "onet.pl",       "orange.fr",   "pm.me",      "posteo.de",      "qq.com",      "rambler.ru",  "rocketmail.com",
     "sbcglobal.net", "seznam.cz",   "sina.cn",    "sina.com",       "sohu.com",    "t-online.de", "tom.com",
     "tuta.com",      "tuta.io",     "ukr.net",    "uol.com.br",     "verizon.net", "vip.163.com", "vip.qq.com",
     "wanadoo.fr",    "web.de",      "wp.pl",      "yeah.net"});

bool is_university(std::string_view domain) {
  auto const last = domain.rfind('.');
  if (domain.substr(last + 1) == "edu") return true;
  auto const rest = domain.substr(0, last);
  auto const second = rest.substr(rest.rfind('.') + 1);  // npos + 1 is 0: the whole
  return domain.size() - last == 3 && rest.size() > second.size() && (second == "ac" || second == "edu");
}

}  // namespace

bool is_shared_mail(std::string_view domain) {
  static_assert(std::ranges::is_sorted(kDomains) && std::ranges::is_sorted(kBrands));
  return std::ranges::binary_search(kDomains, domain) ||
         std::ranges::binary_search(kBrands, domain.substr(0, domain.find('.'))) || is_university(domain);
}

}  // namespace tocsin::client
