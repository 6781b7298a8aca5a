console.log(")EMBEDDED\" \x41");
