with evaluation as (
    select * from {{ ref('kano_evaluation') }}
),

answers as (
    select 1 as answer
    union all
    select 2 as answer
    union all
    select 3 as answer
    union all
    select 4 as answer
    union all
    select 5 as answer
),

cells as (
    select
        functional.answer as functional_answer,
        dysfunctional.answer as dysfunctional_answer,
        count(evaluation.category) as category_count
    from answers as functional
    cross join answers as dysfunctional
    left join evaluation
        on functional.answer = evaluation.functional_answer and dysfunctional.answer = evaluation.dysfunctional_answer
    group by functional.answer, dysfunctional.answer
),

problems as (
    select
        concat(
            'kano_evaluation.csv has ', cast(category_count as string), ' categories for the answers ',
            cast(functional_answer as string), ' (with) and ', cast(dysfunctional_answer as string),
            ' (without); write one line for each of the 25 pairs'
        ) as problem
    from cells
    where category_count != 1
    union all
    select
        concat(
            'kano_evaluation.csv: the answers ', cast(functional_answer as string), ' and ',
            cast(dysfunctional_answer as string), ' are not both from 1 to 5; remove the line'
        ) as problem
    from evaluation
    where functional_answer not between 1 and 5 or dysfunctional_answer not between 1 and 5
    union all
    select concat('kano_evaluation.csv: ', evaluation.category, ' is not a category; write one of kano_categories.csv') as problem
    from evaluation
    left join {{ ref('kano_categories') }} as categories on evaluation.category = categories.category
    where categories.category is null
)

select * from problems
