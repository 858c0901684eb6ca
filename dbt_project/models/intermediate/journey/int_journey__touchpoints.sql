{#- A touchpoint with too few answers about it is scored by the next answer after its visits, in every segment alike.
    Journeys and customers are counted by grouping twice, which is cheaper than count(distinct). -#}
with steps as (
    select * from {{ ref('int_journey__step_scores') }}
),

journeys as (
    select * from {{ ref('int_journey__journeys') }}
),

visits as (
    select
        steps.*,
        journeys.segment,
        journeys.is_complete
    from steps
    inner join journeys on steps.journey_key = journeys.journey_key
),

journey_touchpoints as (
    select
        touchpoint,
        segment,
        customer_key,
        max(cast(is_complete as integer)) as is_complete,
        max(case when is_complete and is_last_step then 1 else 0 end) as is_ended
    from visits
    group by journey_key, touchpoint, segment, customer_key
),

customer_journeys as (
    select
        touchpoint,
        case when grouping(segment) = 1 then 'all' else segment end as segment,
        count(*) as journey_count,
        sum(is_complete) as complete_journey_count,
        sum(is_ended) as ended_journey_count
    from journey_touchpoints
    group by touchpoint, customer_key, rollup(segment)
),

journey_counts as (
    select
        touchpoint,
        segment,
        count(*) as customer_count,
        sum(journey_count) as journey_count,
        sum(complete_journey_count) as complete_journey_count,
        sum(ended_journey_count) as ended_journey_count
    from customer_journeys
    group by touchpoint, segment
),

visit_measures as (
    select
        touchpoint,
        case when grouping(segment) = 1 then 'all' else segment end as segment,
        count(*) as visit_count,
        avg(cast(step_number as double)) as mean_position,
        sum(promise_count) as promise_count,
        sum(broken_promise_count) as broken_promise_count,
        count(score) as answer_count,
        avg(score) as mean_answer,
        var_samp(score) as answer_variance,
        count(next_score) as next_answer_count,
        avg(next_score) as mean_next_answer,
        var_samp(next_score) as next_answer_variance
    from visits
    group by touchpoint, rollup(segment)
),

bases as (
    select
        touchpoint,
        max(answer_count) >= {{ threshold('shared', 'minimum_sample') }} as is_asked_about
    from visit_measures
    group by touchpoint
),

final as (
    select
        visit_measures.segment,
        visit_measures.touchpoint,
        case when bases.is_asked_about then 'answers_about_it' else 'next_answer' end as score_basis,
        cast(visit_measures.visit_count as bigint) as visit_count,
        cast(journey_counts.journey_count as bigint) as journey_count,
        cast(journey_counts.customer_count as bigint) as customer_count,
        {{ steady('visit_measures.mean_position') }} as mean_position,
        cast(journey_counts.complete_journey_count as bigint) as complete_journey_count,
        cast(journey_counts.ended_journey_count as bigint) as ended_journey_count,
        cast(visit_measures.promise_count as bigint) as promise_count,
        cast(visit_measures.broken_promise_count as bigint) as broken_promise_count,
        cast(case when bases.is_asked_about then visit_measures.answer_count else visit_measures.next_answer_count end as bigint)
            as scored_visit_count,
        {{ steady('case when bases.is_asked_about then visit_measures.mean_answer else visit_measures.mean_next_answer end') }}
            as mean_score,
        {{ steady(
            'case when bases.is_asked_about then visit_measures.answer_variance '
            ~ 'else visit_measures.next_answer_variance end'
        ) }}
            as score_variance
    from visit_measures
    inner join bases on visit_measures.touchpoint = bases.touchpoint
    inner join journey_counts
        on visit_measures.segment = journey_counts.segment
        and visit_measures.touchpoint = journey_counts.touchpoint
)

select * from final
