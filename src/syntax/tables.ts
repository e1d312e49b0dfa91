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
  file: 101,
  on: 103,
  mount: 107,
  fail: 117,
  crash: 123,
  anywhere: 125,
  void: 131,
  if: 178,
  else: 180,
  while: 184,
  locations: 197,
  filter: 209,
  not: 225,
  true: 233,
  false: 235,
  exists: 239,
  forall: 241,
};
/** The parser that the grammar describes. */
export const parser = LRParser.deserialize({
  version: 14,
  states:
    "JrO`QROOOeQROOOpQTO'#CaOOQP'#Ce'#CeOOQP'#Ch'#ChOuQRO'#CgOOQP'#Ey'#EyOzQROOO!tQRO'#Ck" +
    "O!{QROOOzQROOOOQP,58{,58{O#aQXO,59ROOQP-E8w-E8wOOQP'#F['#F[OOQP'#Ez'#EzO#fQRO,59VOOQ" +
    "P,59V,59VO#mQRO'#CmO#rQRO'#DTO#zQRO'#DUO#mQRO'#DUO$PQRO'#DWO#mQRO'#DZO#mQRO'#D_O#mQR" +
    "O'#DbO$UQRO'#DgO$ZQRO'#DjO$`QRO'#DmOOQP'#FQ'#FQO!{QROOQOQROOO#UQROOO#RQROOO$eQRO'#Ea" +
    "O$jQRO'#EgO$oQRO'#EvO$tQRO'#EvOOQP1G.m1G.mOOQP-E8x-E8xOOQP1G.q1G.qOOQP'#Co'#CoO$yQRO" +
    ",59XO#mQRO,59eO%XQRO,59oOOQP'#C|'#C|O%aQRO,59pO%iQRO,59pO%nQRO,59rO%sQRO,59uO%xQRO,5" +
    "9yO%}QRO,59|OOQP'#Di'#DiO&SQRO,5:RO&XQRO,5:UO&^QRO,5:XOOQP-E9O-E9OO&oQRO,5:{O'QQRO,5" +
    ";RO'QQRO,5;bO'oQRO,5;bO'tQRO'#CpO(PQRO'#CvO(_QRO'#F]OOQP'#F]'#F]OOQP1G.s1G.sO(gQRO1G" +
    ".sO(lQRO1G.sO(tQRO1G/POOQP1G/Z1G/ZO'tQRO1G/ZO#mQRO1G/PO(yQRO1G/[OOQP1G/[1G/[O'tQRO1G" +
    "/^O)OQRO1G/aO#mQRO1G/eO)TQRO1G/hO'tQRO1G/mOOQP1G/p1G/pOOQP'#FR'#FRO)YQRO'#DnO)hQRO1G" +
    "/sO)mQRO1G/sOOQP'#Dn'#DnO)uQRO'#EcO)zQRO'#FeOOQP'#Ee'#EeO#mQRO'#EeOOQP'#Fc'#FcOOQP1G" +
    "0g1G0gO*`QRO1G0gO*kQRO'#EiO*pQTO1G0mO'QQRO'#EnOOQP'#Fg'#FgO'QQRO'#FgOOQP'#Es'#EsO+OQ" +
    "TO1G0|O'QQRO1G0|OOQP'#Ct'#CtOOQP'#F^'#F^O+^QRO'#F^O+fQRO,59[OOQP,59b,59bO'tQRO,59bOO" +
    "QP,5;w,5;wOOQP7+$_7+$_O+kQRO'#CxOOQP'#E|'#E|O+vQRO7+$_O,OQRO7+$_O,TQRO7+$kO,YQRO7+$u" +
    "O,_QRO7+$kOOQP7+$v7+$vO,dQRO7+$xO,iQRO'#D]O,tQRO7+${O,|QRO7+%POOQP'#Dd'#DdO-UQRO7+%S" +
    "O-ZQRO7+%XO-`QRO'#CoOOQP-E9P-E9POOQP,5:Y,5:YO#mQRO,5:YO.lQRO'#DpOOQP7+%_7+%_O.sQRO'#" +
    "FSO/RQRO7+%_O)hQRO7+%_O/ZQRO,5:}O'tQRO,5<PO/`QRO,5<PO/eQRO,5;PO/jQRO7+&RO/{QRO7+&ROO" +
    "QP7+&R7+&RO'tQRO,5;TO'QQRO,5;UO'QQRO,5;WO'QQRO,5;]OOQP7+&X7+&XOOQP,5;Y,5;YO0WQTO,5<R" +
    'OOQP7+&h7+&hO0fQTO7+&hOOQP,5;x,5;xOOQP1G.v1G.vO0tQRO1G.|OOQP,59d,59dO0|QRO,59dOOQP-E' +
    "8z-E8zO1RQRO<<GyOOQP<<Gy<<GyOOQP'#DO'#DOO1WQRO<<HVOOQP<<Ha<<HaO,TQRO<<HVOOQP<<Hd<<Hd" +
    "O1]QRO'#FOO1bQRO,59wOOQP<<Hg<<HgO1mQRO<<HgOOQP<<Hk<<HkO#mQRO<<HkO#mQRO<<HnOOQP<<Hs<<" +
    "HsOOQP1G/t1G/tO1rQaO'#CoO2yQRO'#DsO4VQaO'#E`O4aQRO'#EUOOQP'#Fb'#FbO2yQRO'#FbO4fQRO'#" +
    "E]OOQP'#E^'#E^OOQP'#Fa'#FaOOQP'#FT'#FTO4mQRO,5:[OOQP,5:[,5:[O#mQRO'#DqO4tQRO'#EWO4yQ" +
    "RO'#EZOOQP,5;n,5;nOOQP-E9Q-E9QO)hQRO<<HyOOQP<<Hy<<HyOOQP'#Ed'#EdOOQP1G0i1G0iO5OQRO1G" +
    "1kOOQP'#Ef'#EfO5TQRO1G1kOOQP1G0k1G0kOOQP,5;r,5;rOOQP<<Im<<ImO5fQRO<<ImOOQP-E9U-E9UOO" +
    'QP1G0o1G0oOOQP1G0p1G0pO5wQTO1G0rO6VQTO1G0wOOQP1G1m1G1mOOQP<<JS<<JSO6eQRO7+$hO6sQRO7+' +
    '$hOOQP7+$h7+$hOOQP1G/O1G/OOOQPAN=eAN=eO#mQROAN=qO6{QROAN=qOOQP,5;j,5;jOOQP-E8|-E8|OO' +
    "QP'#D^'#D^O7QQROAN>RO7VQROAN>VO7[QROAN>YOOQP,5:_,5:_O2yQRO,5:bO2yQRO,5:bO2yQRO,5:bO2" +
    'yQRO,5:bO2yQRO,5:bO7dQRO,5:lO2yQRO,5:oO2yQRO,5:yOOQP,5:z,5:zO7iQRO,5:pO7pQaO,5;|OOQP' +
    ",5:w,5:wO7wQRO,5:wOOQP-E9R-E9ROOQP1G/v1G/vO8OQRO'#DrO8ZQRO,5:]O2yQRO,5:rO2yQRO,5:uOO" +
    "QPAN>eAN>eOOQP7+'V7+'VO'tQRO7+'VOOQPAN?XAN?XP8cQRO'#FWOOQP,5;g,5;gOOQP<<HS<<HSO8qQRO" +
    "<<HSOOQP-E8y-E8yO9PQROG23]O#mQROG23]O9XQROG23mOOQPG23qG23qO9^QRO'#FPO9cQROG23tO9kQRO" +
    "G23tOOQP1G/|1G/|O:hQaO1G/|O:xQaO1G/|O<ZQaO1G/|O<bQaO1G/|OOQP'#ES'#ESOOQP1G0W1G0WO<iQ" +
    "aO1G0ZO<pQaO1G0eO<wQaO1G0[OOQP1G0[1G0[OOQP1G1h1G1hOOQP1G0c1G0cO2yQRO,5:^O#mQRO'#FVO=" +
    "RQRO1G/wOOQP1G/w1G/wO=ZQaO1G0^O=bQaO1G0aO=iQRO<<JqOOQPAN=nAN=nP'tQRO'#E{O=nQRO'#E}O=" +
    "sQROLD(wO={QROLD(wO=sQROLD(wOOQPLD)XLD)XOOQP'#De'#DeO>QQRO,5;kOOQP-E8}-E8}O>]QROLD)`" +
    "OOQPLD)`LD)`OOQP7+%u7+%uOOQP7+&P7+&PO2yQRO'#FUO>bQRO7+%vOOQP7+%v7+%vO>jQaO1G/xOOQP,5" +
    ";q,5;qOOQP-E9T-E9TOOQP7+%c7+%cO-tQRO7+%xO-tQRO7+%{OOQPAN@]AN@]OOQP'#DR'#DRO>tQRO'#DQ" +
    "OOQP,5;i,5;iOOQP-E8{-E8{O?VQRO!$'LcOOQP!$'Lc!$'LcO?[QRO!$'LcO?dQRO1G1VOOQP!$'Lz!$'Lz" +
    'O?iQaO,5;pOOQP-E9S-E9SOOQP<<Ib<<IbO?sQRO<<IdOOQP<<Ig<<IgOOQP,59l,59lOOQP!)9A}!)9A}O@' +
    "qQRO!)9A}OOQP'#Df'#DfOOQP7+&q7+&qO-tQROAN?OOOQP!.K7i!.K7iOOQPG24jG24j",
  stateData:
    '@y~O#}OSQOSROSPOS~OVQO~OUSOYRO`WO~OWZO~O][O~OUSO`WO~ObbOncOodOyeO{fO!OgO!ShO!ViO![jO' +
    '!_kO~OkaO~P!SO|lO#UrO#[sO#cuO#ktO#ltO~O^vO~OkxO~P!SOUyO~OUyOq{O~OU}O~O|!QO~OU!UO~O!`' +
    '!WO~Os!XO~Oe!ZO~Os![O~Os!]O~O#k!^O~O]!`O`!eOe!_O$S!cO~O]!hO$S!gO~OUyOq!iO~O$S!kO~O]!' +
    'lO~O]!mO~O]!nO~O]!oO~O]!pO~O$S!qO~OU}On!rOo!rOv!tO!c!vO~OUyOe!zOg!wOi!|O|!wO~OUyOe!z' +
    'Og!wOs#SO|!wO#c#QO#d#QO#h#TO#i#TO~Os#VO~OU#WOf#YOg#XO~OU#WO`#]Of#YOg#XO~O]!`O$S$PX~O' +
    '$S#_O~OUyOk#cO~O]#dO~O$S#gO~OU#iO~OU#lO~OU#oOn!rOo!rOq#rO~O`#sO~Ov#wO$R#uO~O$W#xO~Oe' +
    '#yO$Y#zOi$XX$R$XX$S$XX]$XX~Oi$OO$R#|O$S#|O~O]$PO~Ov$TO#_$QO#a$RO#f$SO~Ov$WO#_$QO#a$R' +
    'O#f$SO~OU#WOg$YO~Oi$ZO~O]!`Oe!_O$S$]O~OUyOk$`O~O$S$aO~OU$bO~O$S$dO~O]$eO~O$S$fO~Of$g' +
    'Os!PX$S!PX~Os$jO$S$iO~O!T$lO$S$kO~Os$mO~O$S$nO~OUpXnpXopXqpXvcX$RcX~OU$pO`$vOf$qOg$t' +
    'On$|Oq$qOs$uO!h$qO!i$qO!{$}O#O%OO$S$wO~Ok${O~P-tOU}On!rOo!rO!c!vO~Ov%RO$R#uO~OU%TO~O' +
    'U%WO~Oi%YO~OUyOe!zOg!wOi%[O|!wO~Oi%[O$R%]O$S%]O~Ov%cO#_$QO#a$RO#f$SO~Ov%dO#_$QO#a$RO' +
    '#f$SO~Ok%gO$R%eO~O$S%hO~O$S%iO~Os%jO~OU%lO~Of$gOs!Pa$S!Pa~OU%nO~O]cXecXs!yX!kcX!lcX!' +
    'mcX!ncX!ocX!pcX!qcX!rcX!scX!ucX$ScXvcXicX$RcX~OU$pOf$qOg$tOq$qOs$uO!h$qO!i$qO~Oe%yO!' +
    'k%sO!l%tO!m%tO!n%tO!o%tO!p%uO!q%uO!r%vO!s%wO!u%xO~O]%zO$S%{O~P3bOs%|O~Ok&OO~P-tOk&RO' +
    '~P-tOs&UO~Os&VO~Oi&XO~Oe&YOi$Xi$R$Xi$S$Xi]$Xi~OUyOe!zOg!wOi&ZO|!wO~O#_$QOv#`i#a#`i#f' +
    '#`i~O#_$QO#a$RO#f$SOv#ei~OU#WOf#YOg#XOk&^O~Ok&^O$R&_O~Os&bO~Ov&cO~O$S&dO~Ov&gO$R&eO~' +
    'OU&mO~Ov&rO~P2yOv&sO~P3bOk&tO~P-tO]&uO$R!fX$S!fX~O$R&vO$S&xO~OUyOe!zOg!wO|!wO~OU#WOf' +
    "#YOg#XOk&|O~Ov'QO$R'OO~O$S'SO~OU'TO~Ov'WO$R&eO~O$S'XO~O!k%sO]!jie!ji!p!ji!q!ji!r!ji!" +
    's!ji!u!ji$S!jiv!jii!ji$R!ji~O!l!ji!m!ji!n!ji!o!ji~P9pO!l%tO!m%tO!n%tO!o%tO~P9pO!k%sO' +
    '!l%tO!m%tO!n%tO!o%tO!p%uO!q%uO]!jie!ji!s!ji!u!ji$S!jiv!jii!ji$R!ji~O!r!ji~P;YO!r%vO~' +
    "P;YOi'YO~P3bO$S'ZO~P3bOv'^O$R'[O~P3bO$R&vO$S'bO~Ov'cO~P3bOv'dO~P3bOi'eO~OU'fO~Ov'jO$" +
    "R'OO~O$S'kO~O]'mOv#sa$R#sa~O$S'nO~Ov'qO$R'[O~O$R!fi$S!fi~P3bOU#WOf#YOg#XOvtX$RtX~O$S" +
    "'uO~Ov'vO$R'OO~OU'wO~Ov#xa$R#xa~P3bO!|'yOU!zy`!zyf!zyg!zyk!zyn!zyq!zys!zy!h!zy!i!zy!" +
    "{!zy#O!zy$S!zy~O$S'zO~O|U~",
  goto:
    "0{$[PPPPP$]PPP$`P$c$hPP$mP$rP$v&xPPP&|P'`P'g$rPP'kP'sP'y'|P$r$rP$rPP$rP(P(S$rPP$rP(V" +
    '(Y(]$rP(`$rPP(c(gP(m(v)P)VPP)VPPPPPPPPP)VP)n)V)V)q(vPP(vP(v(v(v(v*YP*^*l*^*o*rP*w*wP' +
    '*wP*wPP*wP*wPP+RPP+X+`+f+l+r+|,S,Y,`,g,m,w,}-TPPP-Z-_-ePP.Y.i/nP0QP0cRPORYPVUPVYVTPV' +
    'YVXPVYT^W`QzbQ|cQ!PeQ!RgQ!ShQ!TiQ!f{Q!j!Oj!x!Z![!]!z#Q#S#V#|$Q$R$S%]&[S#`!e#bQ#f!iQ#' +
    "k!nQ#q!sQ$o#rz$t#s$q$u$v$z%s%t%u%v%w%y%z%|&P&U&V&u'['c'd'yQ%p$lQ%q$mS&S$|&vQ&a%jR'R&" +
    "bT!az#`j#X!_!`!h!l!p#]#y$P%e&Y&_&}'gR$Y#YS!bz#`R#^!aT#a!e#bQ!OdV!r!X!s#uQ$c#dR%k$eR'" +
    "h'OR'g'OR#j!mR%o$jR#m!oR'U&eR'x'mR!VjTmXnQ!u!XR%P#uQ#t!tQ%S#wR&W%R_$x#s$v$z&P'c'd'yQ" +
    "&T$|R'`&v{$t#s$q$u$v$z%s%t%u%v%w%y%z%|&P&U&V&u'['c'd'yR&n%x{$s#s$q$u$v$z%s%t%u%v%w%y" +
    "%z%|&P&U&V&u'['c'd'yTqXni!{!Z![!]#Q#S#V#|$Q$R$S%]&[R%U#xR%X#zVpXnqa#R![!]#Q#S#V$Q$R$" +
    "SXoXnpqSVPYR]VQ`WRw`Q%f$[R&`%fQ#b!eR$_#bQ'P&aS'i'P'lR'l'RQ$h#iR%m$hQ&f%qR'V&fQnXR!Yn" +
    "S!s!X#uR#p!sQ#v!uR%Q#vQ$z#sQ&P$vT&Q$z&PQ']&qR'p']Q&w&TR'a&wQ#}!}R%^#}T_W`Q!dzR$^#`Q#" +
    "Z!_Q#[!`Q#e!hQ#h!lQ#n!pQ$[#]Q%V#yQ%_$PU&]%e&_&}Q&{&YR't'gW$y#s$v$z&PQ'r'cQ's'dR'{'y^" +
    "$r#s$v$z&P'c'd'yQ%r$qQ%}$uQ&h%sQ&i%tQ&j%uQ&k%vQ&l%wQ&o%yQ&p%zQ&q%|Q&y&UQ&z&VQ'_&uR'o" +
    "'[Q!}!Z`#O![!]#Q#S#V$Q$R$SV%Z#|%]&[h!y!Z![!]#Q#S#V#|$Q$R$S%]&[R#{!zQ#P![Q#U!]Q$U#QQ$" +
    'V#SQ$X#VQ%`$QQ%a$RR%b$S',
  nodeNames:
    '\u26a0 HerdComment LineComment BlockComment Litmus NameLine Identifier DAX TestName Title' +
    ' String Key KeyName = KeyValue Init { Page page Name Size [ - Number ErrorName ] Val' +
    'ue } Member Address int struct TypeName * CallName ( Option OptionName ) Variable Lo' +
    'ck spinlock_t Cpu cpu ThreadName Device device DeviceKind OptionName File file on Mo' +
    'unt mount FileSystem OptionName OptionName Fail fail CallName Crash crash anywhere T' +
    'hread Param void Body Declaration Declarator Unary ! & Binary + < > <= >= == != && |' +
    '| MemberAccess -> MemberName Index Call CallName If if else While while Block Empty ' +
    'Assignment CallStatement Locations locations RegisterPlace Register CellPlace Member' +
    'Name Filter filter Equals Both /\\ Either \\/ Not ~ not Implies => Truth true false Qu' +
    'estion exists forall',
  maxTerm: 149,
  propSources: [highlighting],
  skippedNodes: [0, 1, 2, 3],
  repeatNodeCount: 14,
  tokenData:
    "! V~R!POX$UXY%uYZ%uZ[%u[]%u]^%u^p$Upq%uqr&ars'}sv$Uvw,Owx$Uxy-lyz.Qz{.t{|/h|}2l}!O3`" +
    '!O!P5t!P!Q7`!Q![:e![!]<P!]!^=k!^!_>_!_!`?{!`!aB`!a!c$U!c!rC|!r!sEh!s!}C|!}#OHp#O#PId' +
    "#P#QJm#Q#R$U#R#SC|#S#T$U#T#oC|#o#pKa#p#qLT#q#rMo#r#sNc#s;'S$U;'S;=`%Y<%l?HT$U?HT?HU%" +
    "u?HUO$US$ZX^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$US$yTOY$UZz$U{;'S$U;'S;=" +
    "`%Y<%lO$US%]P;=`<%l$US%cUOY$UZz$U{!P$U!Q;'S$U;'S;=`%Y<%lO$U~%zV#}~XY%uYZ%uZ[%u[]%u]^" +
    "%upq%u?HT?HU%u]&hZ!hP^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q!_$U!_!`'Z!`;'S$U;'S;=`%Y<%lO$U[" +
    "'bX!qW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UT(SZ^SOY'}Z]'}^r'}rs(usx'}xy" +
    ")iy!P'}!P!Q+V!Q;'S'};'S;=`+P<%lO'}T(|X^SYPOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y" +
    "<%lO$UT)lYOY'}Z]'}]^$U^r'}rs(usz'}z{*[{;'S'};'S;=`+P<%lO'}P*_VOY*[Z]*[^r*[rs*ts;'S*[" +
    ";'S;=`*y<%lO*[P*yOYPP*|P;=`<%l*[T+SP;=`<%l'}T+Y[OY'}Z]'}]^$U^r'}rs(usz'}z{*[{!P'}!P!" +
    "Q*[!Q;'S'};'S;=`+P<%lO'}],VZ!iP^SOY$UZ]$U^v$Uvw,xwx$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<" +
    "%lO$U[-PX!rW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$U]-qTsXOY$UZz$U{;'S$U;'" +
    "S;=`%Y<%lO$U_.XXvZ^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UT.{XqP^SOY$UZ]$U" +
    "^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$U^/qe!kW^SWQOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S" +
    "!O!P1S!P!Q%`!Q![1S![!]1S!]!c$U!c!}1S!}#R$U#R#S1S#S#T$U#T#o1S#o;'S$U;'S;=`%Y<%lO$UU1Z" +
    'e^SWQOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!Q%`!Q![1S![!]1S!]!c$U!c!}1S!}#R$U#R#S' +
    "1S#S#T$U#T#o1S#o;'S$U;'S;=`%Y<%lO$U]2sX$RX^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`" +
    '%Y<%lO$U_3igfP^SWQOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!Q%`!Q![1S![!]1S!]!`$U!`!' +
    "a5Q!a!c$U!c!}1S!}#R$U#R#S1S#S#T$U#T#o1S#o;'S$U;'S;=`%Y<%lO$U[5XX!uW^SOY$UZ]$U^x$Uxy$" +
    "vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UV5}e$YP^SWQOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!" +
    "P!Q%`!Q![1S![!]1S!]!c$U!c!}1S!}#R$U#R#S1S#S#T$U#T#o1S#o;'S$U;'S;=`%Y<%lO$U~7cYOY$UZz" +
    "$Uz{8R{!P$U!P!Q9Y!Q#O$U#O#P9q#P;'S$U;'S;=`%Y<%lO$U~8UTOz8Rz{8e{;'S8R;'S;=`9S<%lO8R~8" +
    "hVOz8Rz{8e{!P8R!P!Q8}!Q;'S8R;'S;=`9S<%lO8R~9SOR~~9VP;=`<%l8R~9_SQ~OY9YZ;'S9Y;'S;=`9k" +
    "<%lO9Y~9nP;=`<%l9YU9xX#_Q^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UV:ne^SgPW" +
    'QOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!Q%`!Q![:e![!]1S!]!c$U!c!}:e!}#R$U#R#S:e#S' +
    "#T$U#T#o:e#o;'S$U;'S;=`%Y<%lO$UV<Ye$WP^SWQOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!" +
    "Q%`!Q![1S![!]1S!]!c$U!c!}1S!}#R$U#R#S1S#S#T$U#T#o1S#o;'S$U;'S;=`%Y<%lO$U]=rX$SX^SOY$" +
    "UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$U[>fZ!lW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q!" +
    "_$U!_!`?X!`;'S$U;'S;=`%Y<%lO$U[?`X!nW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%l" +
    "O$U_@S[]X^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q!_$U!_!`@x!`!aAl!a;'S$U;'S;=`%Y<%lO$U[APX!pW" +
    "^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UUAsX#fQ^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q" +
    "%`!Q;'S$U;'S;=`%Y<%lO$U[BgZ!mW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q!_$U!_!`CY!`;'S$U;'S;=`" +
    "%Y<%lO$U[CaX!oW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UVDVe^SWQUPOY$UZ]$U^" +
    'x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!Q%`!Q![C|![!]1S!]!c$U!c!}C|!}#R$U#R#SC|#S#T$U#T#oC|' +
    "#o;'S$U;'S;=`%Y<%lO$UVEqe^SWQUPOY$UZ]$U^x$Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!Q%`!Q![GS![" +
    "!]1S!]!c$U!c!}C|!}#R$U#R#SC|#S#T$U#T#oC|#o;'S$U;'S;=`%Y<%lO$UVG_e^SWQ|PUPOY$UZ]$U^x$" +
    'Uxy$vy{$U{|1S|}$U}!O1S!O!P1S!P!Q%`!Q![GS![!]1S!]!c$U!c!}C|!}#R$U#R#SC|#S#T$U#T#oC|#o' +
    ";'S$U;'S;=`%Y<%lO$U]HwXeX^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UUIiX^SOY$" +
    "UZ]$U^x$Uxy$vy!P$U!P!QJU!Q;'S$U;'S;=`%Y<%lO$UUJZU#aQOY$UZz$U{!P$U!Q;'S$U;'S;=`%Y<%lO" +
    "$U]JtXiX^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UTKhX`P^SOY$UZ]$U^x$Uxy$vy!" +
    "P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$U[LYZ^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q#p$U#p#qL{#q;'S$U;'" +
    "S;=`%Y<%lO$U[MSX!sW^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UTMvXkP^SOY$UZ]$" +
    "U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U;'S;=`%Y<%lO$UTNjX#cP^SOY$UZ]$U^x$Uxy$vy!P$U!P!Q%`!Q;'S$U" +
    ";'S;=`%Y<%lO$U",
  tokenizers: [comments, 0, 1, 2, 3],
  topRules: { Litmus: [0, 4] },
  specialized: [
    { term: 6, get: (value: keyof typeof spec_Identifier) => spec_Identifier[value] || -1 },
  ],
  tokenPrec: 1464,
});
