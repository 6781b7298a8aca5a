#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {

void add_scanning(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ScanOptions>();
  auto* command = app.add_subcommand("scan", "Hold your own access logs against what you see, on this machine");
  command->add_option(kFile, options->files, "Access logs, oldest first or not; - is standard input")->required();
  std::map<std::string, std::optional<logs::Format>> formats{{"auto", std::nullopt}};
  for (auto const format : logs::kFormats) formats.emplace(logs::name(format), format);
  command
      ->add_option_function<std::string>(
          "--format", [options, formats](std::string const& name) { options->format = formats.at(name); },
          "auto, nginx-json, envoy, alb, gateway (one JSON object a request) or csv (with a header)")
      ->check(CLI::IsMember(kLogFormats));
  command
      ->add_option("--map", options->maps,
                   "Which member or column says what, as FIELD=NAME, or @FILE with one a line (repeatable): time, "
                   "account, address, model, prompt, "
                   "tokens_in, tokens_out, ja3, ja4, ja4h, user_agent, email, domain")
      ->allow_extra_args(false);
  command->add_option("--asn-database", options->asns, "Which autonomous system an address is of (MaxMind DB format)")
      ->type_name(kFile);
  command->add_option("--min-confidence", options->min_confidence, "Only indicators that state this much, in percent")
      ->check(CLI::Range(1, 100));
  command->add_option("--most", options->most, "Rows of a table for people")->capture_default_str();
  command->add_option("--html", options->html, "Write a page with charts to this file, too")->type_name(kFile);
  command->add_flag("--ndjson", options->ndjson, "Print one JSON object a line, on a terminal too");
  command->footer(
      "The indicators are pulled once; nothing of the logs is sent. A suspect has evidence of two independent kinds:\n"
      "one hit is evidence, and never a verdict.\n\n"
      "Examples:\n"
      "  tocsin scan /var/log/nginx/access.json\n"
      "  zcat gateway.ndjson.gz | tocsin scan - --map account=customer --html scan.html\n"
      "  tocsin scan --ndjson access.log | jq -r 'select(.type == \"account\" and .cluster) | .account'");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return scan(s, c, *options); }; });
}

}  // namespace tocsin::client
