"""The words that organisations share: abbreviations, and words that tell little.

Only tables, read by `organisations`; every word is already lower case and without accents.
"""


def table(text: str) -> dict[str, str]:
    """Read lines of `meaning: spelling spelling ...` as {spelling: meaning}."""
    lines = (line.partition(":") for line in text.strip().splitlines())
    return {spelling: meaning.strip() for meaning, _, rest in lines for spelling in rest.split()}


def word_set(text: str) -> frozenset[str]:
    """Read a set written as plain words."""
    return frozenset(text.split())


SMALL_WORDS = word_set("of the for de la le les des du del di da do der die das and")
"""Words that acronyms pass over."""

LINKING = word_set("of de di do du da del dos das van von am")
"""What follows one of these tells which of several: `Bank of Tulsa`, `Mairie de Lyon`."""

CONJUNCTIONS = word_set("and und et och og y e ja en i ve и та και")

# Meaning first, then the abbreviations and other spellings read as it.
ABBREVIATIONS = table("""
9: nine
10: ten
8: eight
7: seven
6: six
5: five
4: four
3: three
2: two
1: one
pediatric: paediatric
orthopedic: orthopaedic
municipality: gemeente gem ayuntamiento ayto
establishment: ets etablissement
charles: chas
george: geo
william: wm
barbecue: bbq barbeque
academy: acad acdmy
accounting: acctg acct accts accountant accountancy
administration: admin
advertising: advtg
agency: agcy
agriculture: agri agric
america: amer
architect: archs
associate: assoc assocs assoc association associations assn assc assocn associated assos
authority: auth
automotive: auto automobile
avenue: ave
bank: bk
board: bd
boulevard: blvd
brother: bros hermano hno gebruder gebr
building: bldg bldgs bld
business: bus busn
center: ctr cntr cent centre ctre cnt cen
central: cntrl
chemical: chem chems
child: children childrens childs
church: ch chrch
college: coll clg
commerce: comm
commission: commn
committee: cttee cmte
communication: comms commun
community: cmty comty commty
computer: comp cptr
construction: constr const constn construct cnstr
consulting: consult conslt consultant consultancy
contractor: contr contrs
cooperative: coop
council: cncl
county: cnty cty
credit: cr
department: dept dpt deptt
design: dsgn
development: dev devt devel dvlpmt dvpt
distribution: dist distr distrib distributor distributing
district: distr dst
division: div divn
doctor: dr drs
east: e
education: educ edu educational
electric: elec elect electrical
electronic: elex electron
elementary: elem
energy: enrgy
engineering: eng engr engrg engg engineer
enterprise: ent entpr entrpr entps
entertainment: entmt
environment: env envir environmental
equipment: equip eqpt
estate: est
exchange: exch
express: exp
federal: fed
finance: fin financial finl fncl
first: 1st
foundation: fdn fndn fndtn found
fund: fd
general: genl gen
government: govt gov
group: grp gp groupe grupo gruppe gruppen
health: hlth
healthcare: hlthcare
heating: htg
high: hi
hospital: hosp hsptl
house: hse
industry: ind inds indl indus industrial
information: info
institute: inst instit institution
insurance: ins insur assurance
international: intl int internatl internat intnl
investment: inv invt invts invest investing
investor: invr
junior: jr
kindergarten: kdg kg
laboratory: lab labs labor laboratories
logistic: logis
machinery: mach
management: mgmt mgt mngmt mgmnt
manager: mgr
manufacturing: mfg mfr mfrs manuf mfctr manufacturer
market: mkt mkts
marketing: mktg mrktg
material: matl matls
mechanical: mech
medical: med medicine
memorial: meml mem
metropolitan: metro
motor: mtr mtrs
mount: mt mtn mountain
municipal: mun munic
national: natl nat
network: netwk ntwk
north: n
northeast: ne
northwest: nw
office: ofc off
organization: org orgn organisation
partner: ptnr ptnrs partnership prtnr
petroleum: petrol petro
pharmaceutical: pharma pharm pharms pharmaceut
photography: photo
plumbing: plmbg plbg plumb
police: pol
practice: prac
product: prod prods
production: prodn
professional: prof profl
property: prop props propertys ppty
public: pub publ
railway: rly rwy railroad rr
real: rl
region: reg regl regional
rehabilitation: rehab
research: rsch res
resource: rsrc resc
restaurant: rest rstrnt
saint: st sankt ste
savings: svgs
school: sch schl
science: sci
secretary: secy
security: sec secur
senior: sr
service: svc svcs serv servs srv srvcs svce serving
society: soc sociedad societa societe
software: sw sftwr
solution: soln solns sol sols
south: s
southeast: se
southwest: sw
specialty: spec
square: sq
station: sta stn
street: str
supply: sup supp supl
surgery: surg surgical
system: sys syst
technology: tech techs technol technological technical
telecommunication: telecom telecoms telecomm
theater: theatre
township: twp
trading: trdg trad
transport: transp trans transportation trnsprt
university: univ uni universidad universite universita universidade universitat
utility: util utils
vehicle: veh
veterinary: vet vets
village: vlg
warehouse: whse
west: w
wholesale: whsle
workshop: wkshp
""")

# Words that tell organisations apart as numbers do, whatever else is the same.
TELLING = table("""
north: north northern northside nord norte noord norr
south: south southern southside sud sur zuid
east: east eastern eastside este oost
west: west western westside oeste ouest
northeast: northeast northeastern
northwest: northwest northwestern
southeast: southeast southeastern
southwest: southwest southwestern
first: first
second: second
third: third
fourth: fourth
""")

# Written after a name to tell an office or an account's state, not the organisation.
BRANCH_WORDS = word_set(
    """
    hq headquarter headquarters head office main corporate corp central branch hauptsitz zentrale
    niederlassung sede oficina siege filiale new old former formerly inactive active managed
    client customer prospect test do not use dnu vip internal account site mgd msp hold legacy
    archived closed parent company group entity
    """
)

# How often a word stands in 2,000 names of organisations: what an estate too small to count has
# to be told. Words not listed are taken to be rare.
_COMMON = """
250: group
90: company international holding service technology district public city
60: energy resource bank industry the of global capital school trust health solution system
40: financial finance medical management consulting construction association center insurance
40: law partner development property real estate engineering school church dental electric
30: new north south east west power gold india china national american united first general
30: department county fund investment mining metal council police education care food home
20: therapeutic mineral pharmaceutical electronic chemical steel water media design studio
20: security software network digital data oil gas auto automotive transport logistic supply
20: product manufacturing enterprise foundation institute university academy college community
20: clinic hospital veterinary family child youth society club house hotel restaurant pizza coffee
20: plumbing heating roofing landscaping cleaning accounting tax advisor associate brother son
15: credit union savings life pacific central southern northern western eastern valley river lake
15: park city town village state federal municipal library fire board commission authority office
15: equipment machinery tool material paper plastic glass wood furniture textile fashion beauty
15: marketing advertising print printing press publishing entertainment music sport fitness
15: store shop market express pharmacy super star royal grand golden red blue green black white
15: advanced precision premier prime quality best pro plus one smart total complete custom classic
10: uk usa us america europe asia africa canada australia germany deutschland france espana london
10: de la le les des du del di da do der die das van von y e i el los las san santa saint
10: old big high mountain hill bay coast ocean sea island beach sun air land world earth nature
10: research science laboratory environment solar wind agriculture farm dairy meat seafood bakery
10: legal attorney lawyer notary surgery orthopedic pediatric eye vision therapy wellness spa
10: nursing senior living day kindergarten nursery elementary middle junior high preparatory
10: trading export import distribution wholesale retail brand venture business commerce
"""


def _commonness() -> dict[str, float]:
    """Read the lines above; a word listed twice keeps its first, higher count."""
    counts: dict[str, float] = {}
    for line in _COMMON.strip().splitlines():
        count, _, words = line.partition(":")
        for word in words.split():
            counts.setdefault(word, float(count))
    return counts


COMMON_WORDS = _commonness()
