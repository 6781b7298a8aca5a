// Completion scripts, made from a description of the commands so that they never lag behind. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::client {

struct OptionHelp {
  std::string name;  // "--since"
  std::string description;
  bool takes_value = false;
  std::vector<std::string> choices;  // of the value; empty: a file name
};

struct CommandHelp {
  std::string name;
  std::string description;
  std::vector<OptionHelp> options;
  std::vector<std::string> choices;  // of the first argument; empty: a file name
};

struct ProgramHelp {
  std::vector<OptionHelp> options;  // of every command
  std::vector<CommandHelp> commands;
};

// The script for "bash", "zsh" or "fish"; nothing for another shell.
[[nodiscard]] std::optional<std::string> completion_script(std::string_view shell, ProgramHelp const& help);

}  // namespace tocsin::client
