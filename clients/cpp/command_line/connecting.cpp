#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"
#include "clients/cpp/connect_forms.hpp"

namespace tocsin::client {

void add_connecting(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ConnectOptions>();
  auto* command = app.add_subcommand("connect", "Say what to write into the TAXII form of a product");
  std::string names;
  for (auto const& product : products()) names += (names.empty() ? "" : ", ") + std::string(product.name);
  command->add_option("PRODUCT", options->product, names)->required();
  command->add_option("--collection", options->collection, "Only this collection: id, alias or title");
  command->footer(
      "Use the token that the product is to have: the collections are those that it may read (for misp, which\n"
      "submits: write). The token itself is not printed.\n\n"
      "Examples:\n  tocsin connect sentinel --collection network --token @sentinel.token");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return connect(s, c, *options); }; });
}

}  // namespace tocsin::client
