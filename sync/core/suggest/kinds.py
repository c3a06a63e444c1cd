"""Words that say what an organisation does, or where: two that differ make two organisations.

`Smith Dental` and `Smith Legal` share a surname, `First Bank of Tulsa` and `First Bank of Omaha`
all but a town. Only tables; one line holds what may stand for one another.
"""

from sync.core.suggest.organisations import words_of


def _groups(text: str) -> dict[str, int]:
    """Read lines of words into {word as names are read: number of its line}."""
    return {
        read: line
        for line, words in enumerate(text.strip().splitlines())
        for word in words.split()
        for read in words_of(word)
    }


_TRADES = _groups("""
law legal lawyer attorney solicitor barrister abogado avocat avvocato rechtsanwalt anwalt advocaat
dental dentist dentistry orthodontic orthodontist zahnarzt zahnarztpraxis dentista dentaire tandarts
accounting accountant accountancy cpa bookkeeping tax auditor steuerberater steuerberatung asesoria
veterinary animal tierarzt veterinario veterinaire veterinaria
pharmacy pharmaceutical therapeutic apotheke farmacia pharmacie apotek apteka apotheek eczane
optometry optometrist optical optician eye vision ophthalmology optik optica opticien
chiropractic chiropractor physiotherapy physio physiotherapie rehab
pediatric paediatric
dermatology skin
cardiology heart
oncology cancer
orthopedic orthopaedic
radiology imaging
hospital krankenhaus ospedale hopital
hospice
plumbing plumber heating cooling hvac conditioning sanitar fontaneria plomberie idraulica
electric electrician elektro elektrotechnik electricidad electricite elektriker
roofing roof dachdecker couverture
landscaping landscape lawn garden gartenbau jardineria tree
construction builder contractor bau construccione batiment costruzioni bouw bygg construcao insaat
painting painter maler malerbetrieb pintura peinture
flooring floor carpet tile
bakery backerei boulangerie panaderia padaria bakkerij bageri bakeri patisserie konditorei
butcher metzgerei boucherie carniceria macelleria
brewing brewery brauerei cerveceria
winery vineyard weingut bodega
restaurant cafe pizza pizzeria grill bistro ristorante trattoria coffee
hotel inn motel resort hostal
realty realtor estate letting immobilien inmobiliaria immobiliare immobilier imobiliaria makelaar
insurance versicherung seguro assicurazioni verzekeringen
bank banca banco banque sparkasse volksbank
automotive motor autohaus car tire tyre collision autoservis
freight trucking logistic transport spedition haulage transporte trasporti shipping
printing print printer druckerei imprimerie imprenta tipografia drukkerij
engineering ingenieur ingenieria ingenierie
architect architecture architekt arquitecto architecte architetto
steel metal stahl
funeral mortuary cremation bestattung funeraria
jeweler jewelry jeweller jewellery juwelier joyeria bijouterie
farm ranch dairy agriculture
school academy college university kindergarten nursery preschool colegio escuela ecole lycee schule
church ministry parish chapel temple mosque synagogue iglesia eglise kirche kirchengemeinde
library biblioteca bibliothek bibliotheque
museum museo musee
theater cinema teatro
council municipality ayuntamiento mairie gemeente comune gemeinde stadt prefeitura
software computer technology digital data
mining mineral minera gold
energy power solar oil gas petroleum
travel reisen viajes voyages viaggi
cleaning reinigung limpieza nettoyage pulizie janitorial
fire feuerwehr bombero pompier
police polizei policia
sewer sewage
water
salon beauty hair friseur peluqueria coiffure
gym fitness sport
marketing advertising media
security
aviation airline
furniture mobel mueble
grocery supermarket supermarkt
title
""")

_COUNTRIES = _groups("""
usa us america american
uk britain british england
germany deutschland german deutsche
france francaise french
spain espana
italy italia
canada canadian
australia australian
india indian
china chinese
japan japanese
mexico
brasil brazil
netherlands nederland holland
austria osterreich
switzerland schweiz suisse
belgium belgique belgie
ireland
scotland
poland polska
turkey turkiye
sweden sverige
norway norge
denmark danmark
portugal
greece
israel
egypt
kenya
nigeria
singapore
malaysia
indonesia
thailand
vietnam
philippine
korea
taiwan
europe
africa
asia
""")

_STATES = """
alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii
idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan
minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee
texas utah vermont virginia washington wisconsin wyoming ontario quebec alberta queensland victoria
tasmania
"""

_TOWNS = """
akron albany amarillo anchorage atlanta augusta austin baltimore birmingham boise boston
buffalo camden charleston charlotte chicago cincinnati cleveland columbus concord dallas dayton
denver detroit dover durham eugene fargo fresno houston indianapolis jacksonville knoxville lansing
laredo lexington lincoln louisville lowell lubbock macon madison memphis mesa miami milwaukee
minneapolis mobile nashville newark norfolk oakland ogden omaha orlando phoenix pittsburgh plano
portland providence raleigh reno richmond rochester sacramento salem savannah scranton seattle
shreveport spokane springfield syracuse tacoma tampa toledo topeka tucson tulsa tyler waco wichita
yonkers toronto montreal vancouver calgary ottawa winnipeg london leeds manchester liverpool
sheffield bristol newcastle nottingham leicester coventry bradford hull plymouth southampton
portsmouth oxford cambridge york bath derby norwich exeter preston swindon reading brighton
bournemouth wolverhampton cardiff swansea glasgow edinburgh aberdeen dundee inverness belfast dublin
cork galway limerick waterford berlin hamburg munchen munich koln cologne frankfurt stuttgart
dusseldorf dortmund essen leipzig bremen dresden hannover nurnberg bochum bonn munster augsburg
karlsruhe mannheim kiel ulm mainz freiburg wien vienna graz linz salzburg innsbruck zurich genf
geneva bern basel lausanne luzern paris lyon marseille toulouse nice nantes strasbourg bordeaux
lille rennes reims grenoble dijon angers nancy rouen caen metz tours limoges madrid barcelona
valencia sevilla zaragoza malaga murcia palma bilbao alicante cordoba valladolid vigo gijon granada
cadiz burgos teruel getafe lisboa porto braga coimbra faro roma rome milano milan napoli torino
palermo genova bologna firenze bari catania venezia verona padova trieste brescia parma modena pisa
lucca pistoia siena lodi amsterdam rotterdam utrecht eindhoven groningen tilburg breda nijmegen
arnhem zwolle leiden delft brussel antwerpen gent brugge stockholm goteborg malmo uppsala oslo
bergen trondheim stavanger kobenhavn copenhagen aarhus odense aalborg helsinki tampere turku
warszawa krakow lodz wroclaw poznan gdansk katowice lublin praha brno ostrava bratislava budapest
bucuresti sofia beograd zagreb ljubljana athens thessaloniki patras istanbul ankara izmir bursa
antalya dubai doha riyadh jeddah cairo casablanca tunis lagos nairobi johannesburg durban pretoria
delhi mumbai pune chennai kolkata bangalore bengaluru hyderabad ahmedabad tokyo osaka seoul beijing
shanghai shenzhen guangzhou manila jakarta bangkok hanoi sydney melbourne brisbane perth adelaide
hobart canberra darwin auckland wellington christchurch lima bogota quito santiago caracas recife
salvador curitiba guadalajara monterrey kerala punjab gujarat karnataka
"""

TRADES = {word: 1 << line for word, line in _TRADES.items()}
"""A bit for each line of work."""
PLACES = {
    **{read: (2, town) for town in _TOWNS.split() for read in words_of(town)},
    **{read: (1, state) for state in _STATES.split() for read in words_of(state)},
    **{word: (0, str(line)) for word, line in _COUNTRIES.items()},
}
"""The place that a word names: 0 a country, 1 a state, 2 a town; and which."""
