// Kconfig texts of our own with every construct of the language, for the fuzzer to start from.

/** @type {readonly string[]} */
export const kconfigSeeds = [
  `mainmenu "m $(ARCH)"
config MODULES
	bool "modules"
	modules
menu "first"
	depends on A || !B
	visible if C != n
config A
	bool "a" if B
	default y if C
	select D if MODULES
	imply E
config B
	tristate "b"
	depends on (A && C) || D = m
config C
	def_bool $(success,test -n "$(ARCH)")
endmenu
config D
	tristate
config E
	tristate "e"
	help
	  Some text
	    indented

	  more text
`,
  `choice
	prompt "which"
	default Y if A
	depends on A
config X
	bool "x"
config Y
	bool "y"
	depends on A
if A
config Z
	bool "z"
endif
endchoice
config A
	bool "a"
	default y
comment "seen with X"
	depends on X
`,
  `config N
	int "n"
	range 5 M if A
	range 1 100
	default 64 if !A
	default M
config M
	int
	default 32
config H
	hex "h"
	range 0x10 0xff
	default 0x20
config S
	string "s"
	default "say \\"$(X)\\" $(shell,echo hello)"
config A
	bool "a"
	depends on N > 7 && H <= 0x30 && S != "no"
`,
  `X := $(shell,echo y)
Y = $(if-success,$(1),$(2),$(3))
cc = $(success,{ $(CC) -Werror $(1) -c -o /dev/null; })
X += z
$(warning-if,$(cc,-mfoo),odd)
config T
	def_bool $(cc,-mfoo)
config U
	def_tristate $(X)
	depends on $(Y,true,y,n)
$(info,done $(filename):$(lineno))
source "b"
rsource "b"
osource "none/*"
`,
  `menuconfig P
	bool "p"
if P
config Q
	tristate "q"
	depends on m
	optional
config R
	bool
	default P && Q
	transitional
endif
config Q
	tristate "again"
	---help---
	old style
config OLD
	boolean "old"
	option env="ARCH"
`,
];
