// In place of a package for colours on terminals, which a table would ask if it had any.

export default {};
