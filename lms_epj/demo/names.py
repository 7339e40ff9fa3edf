"""Common names in the Follo area, by sex and by about when people got them. Facts of usage; no person."""

GIVEN_OLD = {
    "K": "Solveig Astrid Gerd Inger Randi Marit Berit Liv Kari Anne Ingrid Bjørg Turid Grethe Ragnhild Aslaug "
    "Åse Ruth Else Reidun Sigrid Unni Wenche Karin Gunvor Eldbjørg Tordis Synnøve Målfrid Klara Borghild Ellen "
    "Margit Olaug Signe Torbjørg Edel Aud Evelyn Jorunn Vigdis Målfrid Esther Kirsten Eva Brit Ingeborg "
    "Hjørdis Oddny Laila Sonja Elsa Anna Nora Hilda Åshild Torill Mary Magnhild".split(),
    "M": "Odd Arne Kjell Per Ole Bjørn Knut Svein Jan Leif Harald Finn Rolf Gunnar Egil Einar Asbjørn Trygve "
    "Sverre Reidar Kåre Helge Olav Torbjørn Magne Øivind Erling Ragnar Birger Håkon Alf Sigurd Ivar Arvid Gudmund "
    "Hans Johan Tor Thor Tore Oddvar Steinar Ottar Nils Karl Åge Øystein Hallvard Rune Birger Henry Walter "
    "Kristian Peder Willy Georg Torleif Aksel Eivind".split(),
}  # fmt: skip
GIVEN_YOUNG = {
    "K": "Anne Hilde Monica Nina Heidi Kristin Silje Camilla Ida Marte Ingrid Hanne Linn Stine Tonje Lise Mette "
    "Trude Elin Gro Bente Tone Sissel Marianne Cathrine Line Maria Julie Karoline Thea Emma Nora Sara Malin "
    "Ragnhild Guro Åsne Synne Solfrid Janne Merete Vibeke Anette Lene Hege Kjersti Siv Randi Eli Maren".split(),
    "M": "Thomas Morten Lars Anders Espen Geir Terje Frode Trond Øyvind Marius Kristian Andreas Martin Håvard Eirik "
    "Magnus Jonas Henrik Sindre Stian Pål Jørgen Ståle Vegard Roar Tommy Kenneth André Rune Erik Petter "
    "Sondre Mats Emil Sander Fredrik Christian Simen Ådne Dag Bård Gaute Torstein Kim Glenn Asle Even Nikolai".split(),
}  # fmt: skip
FAMILY = (
    "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen Eriksen "
    "Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen Halvorsen Henriksen Lund Sørensen Jakobsen "
    "Moen Gundersen Iversen Strand Solberg Svendsen Eide Knutsen Martinsen Paulsen Bakken Kristoffersen Mathisen "
    "Lie Amundsen Nguyen Rasmussen Solheim Lunde Moe Nygård Bakke Fredriksen Kristensen Holm Lien Hauge "
    "Christensen Andresen Nielsen Knudsen Evensen Sæther Aas Myhre Haugland Thomassen Simonsen Sivertsen "
    "Danielsen Berge Sandvik Rønning Arnesen Næss Antonsen Haug Ellingsen Thorsen Edvardsen Birkeland "
    "Isaksen Gulbrandsen Ruud Aasen Strøm Myklebust Tangen Ødegård Eliassen Helland Bøe Jenssen Aune Mikkelsen "
    "Tveit Brekke Abrahamsen Engen Wold Borge Sunde Gjerde Østby Vik Skog Bråten Kjos Øverland Fjeld Huseby Grønli "
    "Skotbu Kråkstad Nordby Sørli Våler Garder Hebekk Langhus Kjeppestad Ørbeck Ånensen Økern Ærø Tømmerås"
).split()

# origin → (women, men, family names, language for an interpreter)
IMMIGRANT = {
    "polsk": (
        "Agnieszka Katarzyna Małgorzata Ewa Anna Joanna Barbara Teresa".split(),
        "Piotr Krzysztof Andrzej Tomasz Marek Jan Zbigniew Wojciech".split(),
        "Nowak Kowalski Wiśniewska Wójcik Kamiński Lewandowska Zieliński Szymański".split(),
    ),
    "urdu": (
        "Fatima Nasreen Shazia Rukhsana Zahida Parveen Samina".split(),
        "Mohammad Ali Tariq Javed Iqbal Nadeem Rashid Khalid".split(),
        "Khan Ahmed Hussain Malik Akhtar Butt Mahmood Chaudhry".split(),
    ),
    "vietnamesisk": (
        "Lan Hoa Mai Thu Huong Nga Phuong".split(),
        "Minh Duc Hung Tuan Van Long Quang".split(),
        "Nguyen Tran Le Pham Vo Huynh Dang".split(),
    ),
    "somali": (
        "Hodan Amina Halima Sahra Fadumo Khadra".split(),
        "Abdi Hassan Yusuf Omar Ahmed Abdullahi".split(),
        "Mohamed Ali Hassan Ahmed Jama Warsame Farah".split(),
    ),
    "arabisk": (
        "Layla Mariam Samira Huda Rima Nadia".split(),
        "Karim Samir Mahmoud Bilal Nabil Hamid".split(),
        "Haddad Khalil Al-Hassan Mansour Saleh Darwish".split(),
    ),
    "bosnisk": (
        "Azra Amira Jasmina Senada Fikreta".split(),
        "Senad Mirsad Emir Haris Nermin".split(),
        "Hodžić Begić Halilović Delić Mujić".split(),
    ),
}  # fmt: skip
