#include "clients/cpp/completion.hpp"

#include <algorithm>

namespace tocsin::client {
namespace {

std::string words(std::vector<std::string> const& parts) {
  std::string out;
  for (auto const& part : parts) out += (out.empty() ? "" : " ") + part;
  return out;
}

std::string option_words(std::vector<OptionHelp> const& a, std::vector<OptionHelp> const& b = {}) {
  std::vector<std::string> names;
  for (auto const* list : {&a, &b}) {
    for (auto const& option : *list) names.push_back(option.name);
  }
  return words(names);
}

// Descriptions go between single quotes; zsh also gives a meaning to brackets and colons.
std::string quotable(std::string text) {
  std::erase_if(text, [](char c) { return c == '\'' || c == '[' || c == ']' || c == ':' || c == '\\' || c == '\n'; });
  return text;
}

std::string bash_script(ProgramHelp const& help) {
  std::vector<std::string> names;
  for (auto const& command : help.commands) names.push_back(command.name);
  std::string out =
      "# bash completion of tocsin: source <(tocsin completion bash)\n_tocsin() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= word\n"
      "  COMPREPLY=()\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case $word in " +
      [&] {
        std::string pattern;
        for (auto const& name : names) pattern += (pattern.empty() ? "" : "|") + name;
        return pattern;
      }() +
      ") command=$word; break ;; esac\n  done\n  case $command:$previous in\n";
  auto add_values = [&out](std::string const& where, OptionHelp const& option) {
    if (!option.takes_value) return;
    out += "    " + where + ":" + option.name + ") COMPREPLY=($(compgen " +
           (option.choices.empty() ? std::string("-f") : "-W '" + words(option.choices) + "'") +
           " -- \"$current\")); return ;;\n";
  };
  for (auto const& command : help.commands) {
    for (auto const& option : command.options) add_values(command.name, option);
  }
  for (auto const& option : help.options) add_values("*", option);
  out += "  esac\n  case $command:$current in\n";
  out += "    :-*) COMPREPLY=($(compgen -W '" + option_words(help.options) + "' -- \"$current\")) ;;\n";
  out += "    :*) COMPREPLY=($(compgen -W '" + words(names) + "' -- \"$current\")) ;;\n";
  for (auto const& command : help.commands) {
    out += "    " + command.name + ":-*) COMPREPLY=($(compgen -W '" + option_words(command.options, help.options) +
           "' -- \"$current\")) ;;\n";
    if (!command.choices.empty()) {
      out +=
          "    " + command.name + ":*) COMPREPLY=($(compgen -W '" + words(command.choices) + "' -- \"$current\")) ;;\n";
    }
  }
  return out +
         "    *) COMPREPLY=($(compgen -f -- \"$current\")) ;;\n  esac\n}\ncomplete -o filenames -F _tocsin tocsin\n";
}

std::string zsh_option(OptionHelp const& option) {
  std::string out = " '" + option.name + "[" + quotable(option.description) + "]";
  if (option.takes_value) out += ":value:" + (option.choices.empty() ? "_files" : "(" + words(option.choices) + ")");
  return out + "'";
}

std::string zsh_script(ProgramHelp const& help) {
  std::string out =
      "#compdef tocsin\n# zsh completion of tocsin: source <(tocsin completion zsh)\n_tocsin() {\n"
      "  local context state line\n  local -a common commands\n  common=(";
  for (auto const& option : help.options) out += zsh_option(option);
  out += ")\n  commands=(";
  for (auto const& command : help.commands) out += " '" + command.name + ":" + quotable(command.description) + "'";
  out +=
      ")\n  _arguments -C $common '1: :->command' '*:: :->rest'\n  case $state in\n"
      "    command) _describe command commands ;;\n    rest)\n      case $line[1] in\n";
  for (auto const& command : help.commands) {
    out += "        " + command.name + ") _arguments $common";
    for (auto const& option : command.options) out += zsh_option(option);
    out += command.choices.empty() ? " '*:file:_files'" : " '1:value:(" + words(command.choices) + ")'";
    out += " ;;\n";
  }
  return out + "      esac ;;\n  esac\n}\ncompdef _tocsin tocsin\n";
}

std::string fish_option(std::string const& condition, OptionHelp const& option) {
  std::string out =
      "complete -c tocsin" + condition + " -l " + option.name.substr(2) + " -d '" + quotable(option.description) + "'";
  if (option.takes_value) out += option.choices.empty() ? " -r" : " -x -a '" + words(option.choices) + "'";
  return out + "\n";
}

std::string fish_script(ProgramHelp const& help) {
  std::string out = "# fish completion of tocsin: tocsin completion fish | source\n";
  for (auto const& option : help.options) out += fish_option("", option);
  for (auto const& command : help.commands) {
    out += "complete -c tocsin -n __fish_use_subcommand -f -a " + command.name + " -d '" +
           quotable(command.description) + "'\n";
    std::string const condition = " -n '__fish_seen_subcommand_from " + command.name + "'";
    for (auto const& option : command.options) out += fish_option(condition, option);
    if (!command.choices.empty()) out += "complete -c tocsin" + condition + " -f -a '" + words(command.choices) + "'\n";
  }
  return out;
}

}  // namespace

std::optional<std::string> completion_script(std::string_view shell, ProgramHelp const& help) {
  if (shell == "bash") return bash_script(help);
  if (shell == "zsh") return zsh_script(help);
  if (shell == "fish") return fish_script(help);
  return std::nullopt;
}

}  // namespace tocsin::client
