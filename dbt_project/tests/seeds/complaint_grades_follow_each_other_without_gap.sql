with rules as (
    select
        rules.*,
        grades.grade_rank,
        rules.channel is null and rules.severity is null and rules.value_exposed_cents_from is null as is_spread_rule
    from {{ ref('complaint_grading_rules') }} as rules
    left join {{ ref('complaint_grades') }} as grades on rules.grade = grades.grade
),

grades as (
    select
        grades.grade,
        grades.grade_rank,
        count(rules.rule_code) as rule_count,
        min(rules.customers_from) as customers_from
    from {{ ref('complaint_grades') }} as grades
    left join rules on grades.grade = rules.grade and rules.is_spread_rule
    group by grades.grade, grades.grade_rank
),

steps as (
    select
        *,
        lag(customers_from) over (order by grade_rank) as customers_below
    from grades
),

problems as (
    select
        concat(
            'complaint_grading_rules.csv: no rule catches every complaint; write one of grade ', grade,
            ' with customers_from 1 and the other conditions empty'
        ) as problem
    from grades
    where
        grade_rank = (select min(grade_rank) from grades)
        and not exists (
            select 1
            from rules
            where rules.grade_rank = grades.grade_rank and rules.is_spread_rule
                and rules.customers_from = 1 and rules.times_usual_from is null
        )
    union all
    select
        concat(
            'complaint_grading_rules.csv has ', cast(rule_count as string), ' rules by number of customers alone for grade ', grade,
            '; write exactly one, so that grades have neither gap nor overlap'
        ) as problem
    from grades
    where rule_count != 1
    union all
    select
        concat(
            'complaint_grading_rules.csv: grade ', grade, ' begins at ', cast(customers_from as string),
            ' customers, the grade below at ', cast(customers_below as string), '; write more customers for the higher grade'
        ) as problem
    from steps
    where customers_from <= customers_below
    union all
    select concat('complaint_grading_rules.csv: ', grade, ' is not a grade in complaint_grades.csv; correct it') as problem
    from rules
    where grade_rank is null
    union all
    select
        concat('complaint_grading_rules.csv: ', rules.severity, ' is not a severity in complaint_severities.csv; correct it') as problem
    from rules
    left join {{ ref('complaint_severities') }} as severities on rules.severity = severities.severity
    where rules.severity is not null and severities.severity is null
)

select * from problems
