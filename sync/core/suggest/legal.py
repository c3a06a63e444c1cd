"""Legal forms of many countries: what a name carries that tells no organisation from another.

Only tables, read by `organisations`; every word is already lower case and without accents.
"""

# ruff: noqa: RUF001 -- Cyrillic and Greek letters are meant
import re

from sync.core.suggest.vocabulary import table, word_set

# One legal form per line, then how it is written: dots gone, initials joined, `_` between words.
LEGAL_FORMS = table("""
ltd: ltd limited ltda limitada lda eireli limitee ltee unipessoal_lda
ltd: ltd_sti sti limited_sirketi επε
inc: inc incorporated incorporation
corp: corp corporation corpn
co: co company cia compania companhia compagnie cie
llc: llc lc ooo tov ооо тов
llp: llp lllp pllp
lp: lp limited_partnership
plc: plc public_limited_company
pty: pty proprietary pty_ltd pty_limited edms_bpk bpk
pvt: pvt private pvt_ltd private_limited
pc: pc professional_corporation pa pllc
gmbh: gmbh ggmbh mbh gesellschaft_mit_beschrankter_haftung gesmbh
ag: ag aktiengesellschaft
kg: kg kgaa gmbh_and_co_kg gmbh_co_kg gmbh_co_kgaa ag_co_kg ag_co_kgaa se_co_kgaa co_kg co_kgaa
kg: spk spj sp_k sp_j
ohg: ohg gbr ek eg mbb partg partgmbb
ug: ug ug_haftungsbeschrankt haftungsbeschrankt
ev: ev eingetragener_verein
sa: sa sociedad_anonima societe_anonyme sociedade_anonima αε
sl: sl slu slp slne sll sociedad_limitada
srl: srl srls sarl sarlu eurl s_de_rl_de_cv s_de_rl sprl bvba
sas: sas sasu
spa: spa sapa scpa scarl societa_per_azioni
sac: sac saac sab
cv: cv sa_de_cv sab_de_cv sapi_de_cv de_cv
bv: bv besloten_vennootschap
nv: nv naamloze_vennootschap
vof: vof snc sca sci scs c_snc c_sas
ab: ab aktiebolag ab_publ publ
as: as asa aksjeselskap aktieselskab sirketi as_publ anonim_sirketi
aps: aps anpartsselskab
oy: oy oyj ab_oy oy_ab osakeyhtio
hf: hf ehf
spzoo: sp_zoo sp_z_oo spzoo
sro: sro spol_s_ro s_ro
doo: doo ood eood
dd: dd
kft: kft
rt: rt zrt nyrt
ou: ou
sia: sia
uab: uab
jsc: jsc ojsc cjsc pjsc ao oao zao pao ао оао зао пао
kk: kk kabushiki_kaisha
bhd: bhd sdn_bhd berhad sendirian_berhad
pt: pt tbk
se: se
oe: οε εε
ike: ικε
ip: ип фоп
pte: pte pte_ltd pte_limited
teo: teo teoranta
dac: dac clg
asbl: asbl vzw
fze: fze fzc fzco fz_llc
wll: wll
yk: yugen_kaisha
trust: reit
cic: cic cio
""")

LEADING_LEGAL_FORMS = word_set(
    """
    pt cv ooo oao zao pao ao ab sia uab ou jsc ojsc pjsc tov cia compagnie
    ооо оао зао пао ао ип тов фоп
    """
)

# Legal forms wherever they stand, unlike `co` or `sa`: "Acme, Inc. II".
ALWAYS_LEGAL = word_set("inc incorporated ltd limited llc llp plc gmbh pty berhad tbk")

LONGEST_LEGAL_FORM = max(form.count("_") for form in LEGAL_FORMS) + 1

_UNSPACED = {
    "株式会社": "kk", "(株)": "kk", "有限会社": "yk", "(有)": "yk", "股份有限公司": "ltd",
    "有限责任公司": "ltd", "有限公司": "ltd", "주식회사": "ltd", "유한회사": "ltd", "(주)": "ltd",
}  # fmt: skip
_ANY_UNSPACED = re.compile("|".join(re.escape(form) for form in _UNSPACED))


def set_apart(text: str) -> str:
    """Put the forms that are written without a space before or after the name at its end."""
    found = _ANY_UNSPACED.findall(text)
    if not found or _ANY_UNSPACED.sub("", text).strip() == "":
        return text
    return " ".join([_ANY_UNSPACED.sub(" ", text), *(_UNSPACED[form] for form in found)])
