"""Given and family names, combined at random: none of these people exists."""


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = words("""
Aaron Abigail Adaeze Adam Aisha Alejandra Alex Alice Amina Amir Ana Andrei Anjali Anna Arjun Asha Ayesha Beatriz
Bethan Bilal Bronwyn Callum Camille Carlos Catrin Cheng Chiara Chidi Chloe Connor Daisy Daniel Daria Dawit Dewi
Diego Divya Efua Eilidh Elena Eleri Elif Elijah Ella Emeka Emily Emre Esi Ethan Eva Fatima Femi Fiona Francesca
Freya Gareth George Giulia Grace Hamza Hana Hannah Hassan Heidi Hiroshi Hugo Ibrahim Imogen Ines Iona Isaac Isla
Ivan Jack Jamal James Jasmine Jia Joanna Jonas Josef Julia Kai Kamila Karim Katya Kavya Keira Kenji Khadija Kiran
Kwame Lara Lauren Layla Leah Leo Lewis Liam Lina Lola Lucas Lucy Luis Maja Malik Marco Maria Marta Mateo Maya Megan
Mehdi Mia Milan Mina Mohammed Nadia Naomi Nathan Nia Nikhil Nina Noah Noor Oliver Olivia Omar Oscar Owen Pablo Paige
Parisa Petra Poppy Priya Rachel Rahul Rania Ravi Rebecca Rhys Robin Rohan Rosa Ruby Ruth Ryan Sadia Sam Samira Sana
Sanjay Sara Sean Selin Seren Shreya Simon Sofia Sophie Stefan Sunita Tamar Tara Tariq Tess Theo Thomas Tomasz Uma
Usman Valentina Vera Victor Wanjiru Wei William Xin Yara Yasmin Yuki Yusuf Zara Zoe
""")

FAMILY = words("""
Abdi Acheampong Adeleke Ahmed Akhtar Ali Anderson Appiah Aydin Baker Banerjee Barnes Begum Bell Bennett Bianchi
Blackwood Boateng Brennan Brown Campbell Carter Castillo Chaudhry Chen Clarke Cole Collins Cooper Costa Cox
Cunningham Dahl Das Davies Delgado Demir Deshpande Diallo Dixon Doyle Edwards Ellis Eriksson Evans Farouk Fernandez
Fisher Fletcher Fraser Garcia Ghosh Gibson Gomez Gordon Graham Grant Green Griffiths Gupta Haddad Hall Hamilton
Hansen Harper Harris Hassan Hill Horvat Hughes Hussain Ibrahim Iqbal Islam Jackson James Jansen Jenkins Johnson
Jones Joshi Kapoor Kaya Kelly Khan Kim King Kowalski Kumar Kuznetsova Lambert Larsen Lawson Lee Lewis Li Lin Lopez
Macdonald Mahmood Malik Marino Marshall Martin Mason Matthews Mbeki Mendoza Miller Mitchell Mohamed Moore Morgan
Morris Murphy Murray Mwangi Nakamura Naylor Nguyen Nikolaidis Nowak Nunez Nwosu Obi Oduya Okafor Olsen Osei Owusu
Palmer Papadopoulos Park Parker Patel Pereira Petrov Phillips Popescu Powell Price Qureshi Rahman Ramirez Reid Reyes
Richards Roberts Robinson Rodrigues Rossi Russell Saeed Saito Salazar Santos Scott Shah Sharma Shaw Silva Simmons
Singh Smith Soto Stewart Sullivan Suzuki Tanaka Taylor Tembo Thomas Thompson Torres Tran Turner Usman Vargas Walker
Walsh Wang Ward Watson White Williams Wilson Wong Wood Wright Wu Yamamoto Yilmaz Young Zhang Zhou Ziegler
""")
