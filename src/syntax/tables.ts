// The tables of the parser for editors.
// Made of litmus.grammar by npm run grammar: change that file, not this one.

import { LRParser } from '@lezer/lr';
import { comments } from './comments.ts';
import { highlighting } from './highlighting.ts';
const spec_Identifier = {
  __proto__: null,
  DAX: 14,
  page: 37,
  int: 60,
  struct: 62,
  spinlock_t: 83,
  cpu: 87,
  device: 93,
  file: 99,
  on: 101,
  mount: 105,
  fail: 115,
  anywhere: 117,
  crash: 123,
  process: 127,
  start: 131,
  after: 133,
  gate: 137,
  design: 139,
  without: 141,
  void: 147,
  if: 194,
  else: 196,
  while: 200,
  locations: 213,
  filter: 225,
  not: 241,
  true: 249,
  false: 251,
  exists: 255,
  forall: 257,
};
/** The parser that the grammar describes. */
export const parser = LRParser.deserialize({
  version: 14,
  states:
    "MxO`QROOOeQROOOpQTO'#CaOOQP'#Ce'#CeOOQP'#Ch'#ChOuQRO'#CgOOQP'#FR'#FROzQROOO#TQRO'#Ck" +
    "O#[QROOOzQROOOOQP,58{,58{O#pQXO,59ROOQP-E9P-E9POOQP'#Ff'#FfOOQP'#FS'#FSO#uQRO,59VOOQ" +
    "P,59V,59VO#|QRO'#CmO$RQRO'#DTO$ZQRO'#DUO#|QRO'#DUO$`QRO'#DWO#|QRO'#DZO#|QRO'#D^O#|QR" +
    "O'#DaO$eQRO'#DfO$mQRO'#DjO$rQRO'#DlO$wQRO'#DnO#|QRO'#DqO$|QRO'#DuOOQP'#F['#F[O#[QROO" +
    "QOQROOO#eQROOO#bQROOO%RQRO'#EiO%WQRO'#EoO%]QRO'#FOO%bQRO'#FOOOQP1G.m1G.mOOQP-E9Q-E9Q" +
    "OOQP1G.q1G.qOOQP'#Co'#CoO%gQRO,59XO#|QRO,59eO%uQRO,59oOOQP'#C|'#C|O%}QRO,59pO&VQRO,5" +
    "9pO&[QRO,59rO&aQRO,59uO&fQRO,59xO&kQRO,59{OOQP'#Di'#DiO&pQRO,5:QO&uQRO,5:QO&zQRO,5:U" +
    "O'PQRO,5:WO'UQRO,5:YO'ZQRO,5:]O'`QRO,5:aOOQP-E9Y-E9YO'qQRO,5;TO(SQRO,5;ZO(SQRO,5;jO(" +
    "qQRO,5;jO(vQRO'#CpO)RQRO'#CvO)aQRO'#FgOOQP'#Fg'#FgOOQP1G.s1G.sO)iQRO1G.sO)nQRO1G.sO)" +
    'vQRO1G/POOQP1G/Z1G/ZO(vQRO1G/ZO#|QRO1G/PO){QRO1G/[OOQP1G/[1G/[O(vQRO1G/^O*QQRO1G/aO#' +
    '|QRO1G/dO*VQRO1G/gOOQP1G/l1G/lO(vQRO1G/lOOQP1G/p1G/pO(vQRO1G/rO*[QRO1G/tOOQP1G/w1G/w' +
    "OOQP'#F]'#F]O*aQRO'#DvO*oQRO1G/{O*tQRO1G/{OOQP'#Dv'#DvO*|QRO'#EkO+RQRO'#FpOOQP'#Em'#" +
    "EmO#|QRO'#EmOOQP'#Fn'#FnOOQP1G0o1G0oO+gQRO1G0oO+rQRO'#EqO+wQTO1G0uO(SQRO'#EvOOQP'#Fr" +
    "'#FrO(SQRO'#FrOOQP'#E{'#E{O,VQTO1G1UO(SQRO1G1UOOQP'#Ct'#CtOOQP'#Fh'#FhO,eQRO'#FhO,mQ" +
    "RO,59[OOQP,59b,59bO(vQRO,59bOOQP,5<R,5<ROOQP7+$_7+$_O,rQRO'#CxOOQP'#FU'#FUO,}QRO7+$_" +
    "O-VQRO7+$_O-[QRO7+$kO-aQRO7+$uO-fQRO7+$kOOQP7+$v7+$vO-kQRO7+$xO-pQRO'#D]O-{QRO7+${O." +
    "TQRO'#FkO.cQRO7+%OOOQP'#Dc'#DcO.kQRO7+%RO.pQRO7+%WO.uQRO7+%^O.zQRO7+%`O/SQRO'#CoOOQP" +
    "-E9Z-E9ZOOQP,5:b,5:bO#|QRO,5:bO0`QRO'#DxOOQP7+%g7+%gO0gQRO'#F^O0uQRO7+%gO*oQRO7+%gO0" +
    '}QRO,5;VO(vQRO,5<[O1SQRO,5<[O1XQRO,5;XO1^QRO7+&ZO1oQRO7+&ZOOQP7+&Z7+&ZO(vQRO,5;]O(SQ' +
    'RO,5;^O(SQRO,5;`O(SQRO,5;eOOQP7+&a7+&aOOQP,5;b,5;bO1zQTO,5<^OOQP7+&p7+&pO2YQTO7+&pOO' +
    'QP,5<S,5<SOOQP1G.v1G.vO2hQRO1G.|OOQP,59d,59dO2pQRO,59dOOQP-E9S-E9SO2uQRO<<GyOOQP<<Gy' +
    "<<GyOOQP'#DO'#DOO2zQRO<<HVOOQP<<Ha<<HaO-[QRO<<HVOOQP<<Hd<<HdO3PQRO'#FWO3UQRO,59wOOQP" +
    "<<Hg<<HgO#|QRO<<HgO#|QRO'#FXO3aQRO,5<VOOQP<<Hj<<HjO#|QRO<<HjO#|QRO<<HmOOQP<<Hr<<HrOO" +
    "QP<<Hx<<HxO3oQRO'#FZO3tQRO<<HzOOQP<<Hz<<HzOOQP1G/|1G/|O3|QaO'#CoO5TQRO'#D{O6aQaO'#Eh" +
    "O6kQRO'#E^OOQP'#Fm'#FmO5TQRO'#FmO6pQRO'#EeOOQP'#Ef'#EfOOQP'#Fl'#FlOOQP'#F_'#F_O6wQRO" +
    ",5:dOOQP,5:d,5:dO#|QRO'#DyO7OQRO'#E`O7TQRO'#EcOOQP,5;x,5;xOOQP-E9[-E9[O*oQRO<<IROOQP" +
    "<<IR<<IROOQP'#El'#ElOOQP1G0q1G0qO7YQRO1G1vOOQP'#En'#EnO7_QRO1G1vOOQP1G0s1G0sOOQP,5;|" +
    ',5;|OOQP<<Iu<<IuO7pQRO<<IuOOQP-E9`-E9`OOQP1G0w1G0wOOQP1G0x1G0xO8RQTO1G0zO8aQTO1G1POO' +
    'QP1G1x1G1xOOQP<<J[<<J[O8oQRO7+$hO8}QRO7+$hOOQP7+$h7+$hOOQP1G/O1G/OOOQPAN=eAN=eO#|QRO' +
    'AN=qO9VQROAN=qOOQP,5;r,5;rOOQP-E9U-E9UO9[QROAN>ROOQP,5;s,5;sOOQP-E9V-E9VO9aQROAN>UO9' +
    'fQROAN>XOOQP,5;u,5;uOOQP-E9X-E9XOOQPAN>fAN>fOOQP,5:g,5:gO5TQRO,5:jO5TQRO,5:jO5TQRO,5' +
    ':jO5TQRO,5:jO5TQRO,5:jO9nQRO,5:tO5TQRO,5:wO5TQRO,5;ROOQP,5;S,5;SO9sQRO,5:xO9zQaO,5<X' +
    "OOQP,5;P,5;PO:RQRO,5;POOQP-E9]-E9]OOQP1G0O1G0OO:YQRO'#DzO:eQRO,5:eO5TQRO,5:zO5TQRO,5" +
    ":}OOQPAN>mAN>mOOQP7+'b7+'bO(vQRO7+'bOOQPAN?aAN?aP:mQRO'#FbOOQP,5;o,5;oOOQP<<HS<<HSO:" +
    "{QRO<<HSOOQP-E9R-E9RO;ZQROG23]O#|QROG23]O;cQROG23mOOQPG23pG23pO;hQRO'#FYO;mQROG23sO;" +
    "uQROG23sOOQP1G0U1G0UO<rQaO1G0UO=SQaO1G0UO>eQaO1G0UO>lQaO1G0UOOQP'#E['#E[OOQP1G0`1G0`" +
    "O>sQaO1G0cO>zQaO1G0mO?RQaO1G0dOOQP1G0d1G0dOOQP1G1s1G1sOOQP1G0k1G0kO5TQRO,5:fO#|QRO'#" +
    "FaO?]QRO1G0POOQP1G0P1G0PO?eQaO1G0fO?lQaO1G0iO?sQRO<<J|OOQPAN=nAN=nP(vQRO'#FTO?xQRO'#" +
    "FVO?}QROLD(wO@VQROLD(wO?}QROLD(wOOQPLD)XLD)XOOQP'#Dd'#DdO@[QRO,5;tOOQP-E9W-E9WO@gQRO" +
    "LD)_OOQPLD)_LD)_OOQP7+%}7+%}OOQP7+&X7+&XO5TQRO'#F`O@lQRO7+&OOOQP7+&O7+&OO@tQaO1G0QOO" +
    "QP,5;{,5;{OOQP-E9_-E9_OOQP7+%k7+%kO/hQRO7+&QO/hQRO7+&TOOQPAN@hAN@hOOQP'#DR'#DROAOQRO" +
    "'#DQOOQP,5;q,5;qOOQP-E9T-E9TOAaQRO!$'LcOOQP!$'Lc!$'LcOAfQRO!$'LcOAnQRO1G1`OOQP!$'Ly!" +
    "$'LyOAsQaO,5;zOOQP-E9^-E9^OOQP<<Ij<<IjOA}QRO<<IlOOQP<<Io<<IoOOQP,59l,59lOOQP!)9A}!)9" +
    "A}OB{QRO!)9A}OOQP'#De'#DeOOQP7+&z7+&zO/hQROAN?WOOQP!.K7i!.K7iOOQPG24rG24r",
  stateData:
    'CT~O$XOSQOSROSPOS~OVQO~OUSOYRO`WO~OWZO~O][O~OUSO`WO~ObbOncOodOyeO{fO!OgO!RhO!UiO!ZjO' +
    '!_kO!alO!cmO!fnO!gnO!hnO~OkaO~P!SO|oO#^uO#dvO#kxO#swO#twO~O^yO~Ok{O~P!SOU|O~OU|Oq!OO' +
    '~OU!QO~O|!TO~OU!XO![!YO~O![![O~O|!]O~O|!^O~Os!`O~Oe!bO~Os!cO~Os!dO~O#s!eO~O]!gO`!lOe' +
    '!fO$^!jO~O]!oO$^!nO~OU|Oq!pO~O$^!rO~O]!sO~O]!tO~O]!uO~O]!vO~O$^!wO~O]!xO~O$^!yO~O]!z' +
    'O~O!d!{O~O$^!|O~OU!QOn!}Oo!}Ov#PO!k#RO~OU|Oe#VOg#SOi#XO|#SO~OU|Oe#VOg#SOs#_O|#SO#k#]' +
    'O#l#]O#p#`O#q#`O~Os#bO~OU#cOf#eOg#dO~OU#cO`#hOf#eOg#dO~O]!gO$^$ZX~O$^#jO~OU|Ok#nO~O]' +
    '#oO~O$^#rO~OU#tO~OU#xO~O|#|O~OU#}On!}Oo!}Oq$QO~O`$RO~Ov$VO$]$TO~O$c$WO~Oe$XO$e$YOi$d' +
    'X$]$dX$^$dX]$dX~Oi$^O$]$[O$^$[O~O]$_O~Ov$cO#g$`O#i$aO#n$bO~Ov$fO#g$`O#i$aO#n$bO~OU#c' +
    'Og$hO~Oi$iO~O]!gOe!fO$^$kO~OU|Ok$nO~O$^$oO~OU$pO~O$^$rO~O]$sO~O$^$tO~Of$uOs!PX$^!PX~' +
    'Os$xO$^$wO~O$]$yO!S$_X$^$_Xv$_X~O!S$|O$^${O~Os$}O~O$^%OO~O$^%PO~O$]%QO$^%SO~OUpXnpXo' +
    'pXqpXvcX$]cX~OU%UO`%[Of%VOg%YOn%bOq%VOs%ZO!p%VO!q%VO#T%cO#W%dO$^%]O~Ok%aO~P/hOU!QOn!' +
    '}Oo!}O!k#RO~Ov%gO$]$TO~OU%iO~OU%lO~Oi%nO~OU|Oe#VOg#SOi%pO|#SO~Oi%pO$]%qO$^%qO~Ov%wO#' +
    'g$`O#i$aO#n$bO~Ov%xO#g$`O#i$aO#n$bO~Ok%{O$]%yO~O$^%|O~O$^%}O~Os&OO~OU&QO~Of$uOs!Pa$^' +
    '!Pa~O$]$yO!S$_a$^$_av$_a~O|&XO~O$]%QO$^&ZO~O]cXecXs#RX!scX!tcX!ucX!vcX!wcX!xcX!ycX!z' +
    'cX!{cX!}cX$^cXvcXicX$]cX~OU%UOf%VOg%YOq%VOs%ZO!p%VO!q%VO~Oe&cO!s&]O!t&^O!u&^O!v&^O!w' +
    '&^O!x&_O!y&_O!z&`O!{&aO!}&bO~O]&dO$^&eO~P5lOs&fO~Ok&hO~P/hOk&kO~P/hOs&nO~Os&oO~Oi&qO' +
    '~Oe&rOi$di$]$di$^$di]$di~OU|Oe#VOg#SOi&sO|#SO~O#g$`Ov#hi#i#hi#n#hi~O#g$`O#i$aO#n$bOv' +
    "#mi~OU#cOf#eOg#dOk&vO~Ok&vO$]&wO~Os&zO~Ov&{O~O$^&|O~Ov'PO$]&}O~OU'VO~Ov'[O~P5TOv']O~" +
    "P5lOk'^O~P/hO]'_O$]!nX$^!nX~O$]'`O$^'bO~OU|Oe#VOg#SO|#SO~OU#cOf#eOg#dOk'fO~Ov'jO$]'h" +
    "O~O$^'lO~OU'mO~Ov'pO$]&}O~O$^'qO~O!s&]O]!rie!ri!x!ri!y!ri!z!ri!{!ri!}!ri$^!riv!rii!r" +
    'i$]!ri~O!t!ri!u!ri!v!ri!w!ri~P;zO!t&^O!u&^O!v&^O!w&^O~P;zO!s&]O!t&^O!u&^O!v&^O!w&^O!' +
    "x&_O!y&_O]!rie!ri!{!ri!}!ri$^!riv!rii!ri$]!ri~O!z!ri~P=dO!z&`O~P=dOi'rO~P5lO$^'sO~P5" +
    "lOv'vO$]'tO~P5lO$]'`O$^'zO~Ov'{O~P5lOv'|O~P5lOi'}O~OU(OO~Ov(SO$]'hO~O$^(TO~O](VOv#|a" +
    "$]#|a~O$^(WO~Ov(ZO$]'tO~O$]!ni$^!ni~P5lOU#cOf#eOg#dOvtX$]tX~O$^(_O~Ov(`O$]'hO~OU(aO~" +
    'Ov$Sa$]$Sa~P5lO#U(cOU#Sy`#Syf#Syg#Syk#Syn#Syq#Sys#Sy!p#Sy!q#Sy#T#Sy#W#Sy$^#Sy~O$^(dO' +
    '~O|U~',
  goto:
    "1s$gPPPPP$hPPP$kP$n$sPP$xP$}P%R'YPPP'^P'qP'x$}PP'|P(UP([(_P$}$}P$}PP$}P(b$}PP$}P(e(h" +
    '(k$}PP(n$}P$}P$}PP$}PPP(q(uP({)U)_)ePP)ePPPPPPPPP)eP)|)e)e*P)UPP)UP)U)U)U)U*hP*l*z*l' +
    '*}+QP+V+VP+VP+VPP+VP+VPP+aPP+g+n+t+z,Q,[,b,h,n,t,z-R-X-c-i-oPPP-u-y.PPP.w/Q/a0fP0xP1' +
    'ZRPORYPVUPVYVTPVYVXPVYT^W`Q}bQ!PcQ!SeQ!UgQ!VhQ!WiQ!_nQ!m!OQ!q!Rj#T!b!c!d#V#]#_#b$[$`' +
    "$a$b%q&tS#k!l#mQ#q!pU#v!u$x$|Q$P#OQ%T$Qz%Y$R%V%Z%[%`&]&^&_&`&a&c&d&f&i&n&o'_'t'{'|(c" +
    "Q&T$yQ&W$}S&l%b'`Q&y&OR'k&zT!h}#kl#d!f!g!o!s!x!z#h$X$_%y&r&w'g(PR$h#eS!i}#kR#i!hT#l!" +
    "l#mQ!RdV!}!`#O$TQ$q#oR&P$sR(Q'hR(P'hR#u!tR#y!vR'n&}R(b(VR!ZjTpXqQ#Q!`R%e$TQ$S#PQ%h$V" +
    "R&p%g_%^$R%[%`&i'{'|(cQ&m%bR'x'`{%Y$R%V%Z%[%`&]&^&_&`&a&c&d&f&i&n&o'_'t'{'|(cR'W&b{%" +
    "X$R%V%Z%[%`&]&^&_&`&a&c&d&f&i&n&o'_'t'{'|(cTtXqi#W!b!c!d#]#_#b$[$`$a$b%q&tR%j$WR%m$Y" +
    "VsXqta#^!c!d#]#_#b$`$a$bXrXqstSVPYR]VQ`WRz`Q%z$jR&x%zQ#m!lR$m#mQ'i&yS(R'i(UR(U'kQ$v#" +
    "tR&R$vQ$z#vR&U$zQ'O&WR'o'OQ%R#|R&Y%RQqXR!aqS#O!`$TR$O#OQ$U#QR%f$UQ%`$RQ&i%[T&j%`&iQ'" +
    "u'ZR(Y'uQ'a&mR'y'aQ$]#YR%r$]T_W`Q!k}R$l#kQ#f!fQ#g!gQ#p!oQ#s!sQ#z!xQ#{!zQ$j#hQ%k$XQ%s" +
    "$_U&u%y&w'gQ'e&rR(^(PQ#w!uQ&S$xR&V$|W%_$R%[%`&iQ(['{Q(]'|R(e(c^%W$R%[%`&i'{'|(cQ&[%V" +
    "Q&g%ZQ'Q&]Q'R&^Q'S&_Q'T&`Q'U&aQ'X&cQ'Y&dQ'Z&fQ'c&nQ'd&oQ'w'_R(X'tQ#Y!b`#Z!c!d#]#_#b$" +
    '`$a$bV%o$[%q&th#U!b!c!d#]#_#b$[$`$a$b%q&tR$Z#VQ#[!cQ#a!dQ$d#]Q$e#_Q$g#bQ%t$`Q%u$aR%v' +
    '$b',
  nodeNames:
    '\u26a0 HerdComment LineComment BlockComment Litmus NameLine Identifier DAX TestName Title' +
    ' String Key KeyName = KeyValue Init { Page page Name Size [ - Number ErrorName ] Val' +
    'ue } Member Address int struct TypeName * CallName ( Option OptionName ) Variable Lo' +
    'ck spinlock_t Cpu cpu ThreadName Device device DeviceKind File file on Mount mount F' +
    'ileSystem OptionName OptionName Fail fail anywhere CallName Crash crash Process proc' +
    'ess Start start after Rule gate design without Thread Param void Body Declaration De' +
    'clarator Unary ! & Binary + < > <= >= == != && || MemberAccess -> MemberName Index C' +
    'all CallName If if else While while Block Empty Assignment CallStatement Locations l' +
    'ocations RegisterPlace Register CellPlace MemberName Filter filter Equals Both /\\ Ei' +
    'ther \\/ Not ~ not Implies => Truth true false Question exists forall',
  maxTerm: 160,
  propSources: [highlighting],
  skippedNodes: [0, 1, 2, 3],
  repeatNodeCount: 16,
  tokenData:
    "! V~R!POX$UXY%uYZ%uZ[%u[]%u]^%u^p$Upq%uqr&ars'}sv$Uvw,Owx$Uxy-lyz.Qz{.t{|/h|}2l}!O3`" +
    '!O!P5t!P!Q7`!Q![:e![!]<P!]!^=k!^!_>_!_!`?{!`!aB`!a!c$U!c!rC|!r!sEh!s!}C|!}#OHp#O#PId' +
    "#P#QJm#Q#R$U#R#SC|#S#T$U#T#oC|#o#pKa#p#qLT#q#rMo#r#sNc#s;'S$U;'S;=`%Y<%l?HT$U?HT?HU%" +
    "u?HUO$US$ZX^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$US$yTOY$UZz$U{;'S$U;'S;=" +
    "`%Y<%lO$US%]P;=`<%l$US%cUOY$UZz$U{!P$U!Q;'S$U;'S;=`%Y<%lO$U~%zV$X~XY%uYZ%uZ[%u[]%u]^" +
    "%upq%u?HT?HU%u]&hZ!pP^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q!_$U!_!`'Z!`;'S$U;'S;=`%Y<%lO$U[" +
    "'bX!yW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UT(SZ^SOY'}Z]'}^r'}rs(usx'}xy" +
    ")iy!P'}!P!Q+V!Q;'S'};'S;=`+P<%lO'}T(|X^SYPOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y" +
    "<%lO$UT)lYOY'}Z]'}]^$U^r'}rs(usz'}z{*[{;'S'};'S;=`+P<%lO'}P*_VOY*[Z]*[^r*[rs*ts;'S*[" +
    ";'S;=`*y<%lO*[P*yOYPP*|P;=`<%l*[T+SP;=`<%l'}T+Y[OY'}Z]'}]^$U^r'}rs(usz'}z{*[{!P'}!P!" +
    "Q*[!Q;'S'};'S;=`+P<%lO'}],VZ!qP^SOY$UZ]$U^v$Uvw,xwx$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<" +
    "%lO$U[-PX!zW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$U]-qTsXOY$UZz$U{;'S$U;'" +
    "S;=`%Y<%lO$U_.XXvZ^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UT.{XqP^SOY$UZ]$U" +
    "^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$U^/qe!sW^SWQOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S" +
    "!O!P1S!P!Q%`!Q![1S![!]1S!]!c$U!c!}1S!}#R$U#R#S1S#S#T$U#T#o1S#o;'S$U;'S;=`%Y<%lO$UU1Z" +
    'e^SWQOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!Q%`!Q![1S![!]1S!]!c$U!c!}1S!}#R$U#R#S' +
    "1S#S#T$U#T#o1S#o;'S$U;'S;=`%Y<%lO$U]2sX$]X^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`" +
    '%Y<%lO$U_3igfP^SWQOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!Q%`!Q![1S![!]1S!]!`$U!`!' +
    "a5Q!a!c$U!c!}1S!}#R$U#R#S1S#S#T$U#T#o1S#o;'S$U;'S;=`%Y<%lO$U[5XX!}W^SOY$UZ]$U^x$Uxy$" +
    "vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UV5}e$eP^SWQOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!" +
    "P!Q%`!Q![1S![!]1S!]!c$U!c!}1S!}#R$U#R#S1S#S#T$U#T#o1S#o;'S$U;'S;=`%Y<%lO$U~7cYOY$UZz" +
    "$Uz{8R{!P$U!P!Q9Y!Q#O$U#O#P9q#P;'S$U;'S;=`%Y<%lO$U~8UTOz8Rz{8e{;'S8R;'S;=`9S<%lO8R~8" +
    "hVOz8Rz{8e{!P8R!P!Q8}!Q;'S8R;'S;=`9S<%lO8R~9SOR~~9VP;=`<%l8R~9_SQ~OY9YZ;'S9Y;'S;=`9k" +
    "<%lO9Y~9nP;=`<%l9YU9xX#gQ^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UV:ne^SgPW" +
    'QOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!Q%`!Q![:e![!]1S!]!c$U!c!}:e!}#R$U#R#S:e#S' +
    "#T$U#T#o:e#o;'S$U;'S;=`%Y<%lO$UV<Ye$cP^SWQOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!" +
    "Q%`!Q![1S![!]1S!]!c$U!c!}1S!}#R$U#R#S1S#S#T$U#T#o1S#o;'S$U;'S;=`%Y<%lO$U]=rX$^X^SOY$" +
    "UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$U[>fZ!tW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q!" +
    "_$U!_!`?X!`;'S$U;'S;=`%Y<%lO$U[?`X!vW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%l" +
    "O$U_@S[]X^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q!_$U!_!`@x!`!aAl!a;'S$U;'S;=`%Y<%lO$U[APX!xW" +
    "^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UUAsX#nQ^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q" +
    "%`!Q;'S$U;'S;=`%Y<%lO$U[BgZ!uW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q!_$U!_!`CY!`;'S$U;'S;=`" +
    "%Y<%lO$U[CaX!wW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UVDVe^SWQUPOY$UZ]$U^" +
    'x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!Q%`!Q![C|![!]1S!]!c$U!c!}C|!}#R$U#R#SC|#S#T$U#T#oC|' +
    "#o;'S$U;'S;=`%Y<%lO$UVEqe^SWQUPOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!Q%`!Q![GS![" +
    "!]1S!]!c$U!c!}C|!}#R$U#R#SC|#S#T$U#T#oC|#o;'S$U;'S;=`%Y<%lO$UVG_e^SWQ|PUPOY$UZ]$U^x$" +
    'Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!Q%`!Q![GS![!]1S!]!c$U!c!}C|!}#R$U#R#SC|#S#T$U#T#oC|#o' +
    ";'S$U;'S;=`%Y<%lO$U]HwXeX^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UUIiX^SOY$" +
    "UZ]$U^x$Uxy$vy!P$U!P!QJU!Q;'S$U;'S;=`%Y<%lO$UUJZU#iQOY$UZz$U{!P$U!Q;'S$U;'S;=`%Y<%lO" +
    "$U]JtXiX^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UTKhX`P^SOY$UZ]$U^x$Uxy$vy!" +
    "P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$U[LYZ^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q#p$U#p#qL{#q;'S$U;'" +
    "S;=`%Y<%lO$U[MSX!{W^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UTMvXkP^SOY$UZ]$" +
    "U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UTNjX#kP^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U" +
    ";'S;=`%Y<%lO$U",
  tokenizers: [comments, 0, 1, 2, 3],
  topRules: { Litmus: [0, 4] },
  specialized: [
    { term: 6, get: (value: keyof typeof spec_Identifier) => spec_Identifier[value] || -1 },
  ],
  tokenPrec: 1566,
});
