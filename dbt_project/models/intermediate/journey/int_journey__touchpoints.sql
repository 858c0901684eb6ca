{#- Without enough answers about a touchpoint the next answer after its visits speaks for it, in every segment alike.
    Journeys and customers are counted by grouping twice, which costs less than counting the different ones. -#}
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

bases as (
    select
        touchpoint,
        count(score) >= {{ threshold('journey', 'minimum_sample') }} as is_asked_about
    from visits
    group by touchpoint
),

seen as (
    select
        visits.*,
        bases.is_asked_about,
        case when bases.is_asked_about then visits.score else visits.next_score end as visit_score
    from visits
    inner join bases on visits.touchpoint = bases.touchpoint
),

reached as (
    select
        touchpoint,
        segment,
        customer_key,
        max(cast(is_complete as integer)) as is_complete,
        max(case when is_complete and is_last_step then 1 else 0 end) as is_ended
    from visits
    group by journey_key, touchpoint, segment, customer_key
),

travelled as (
    select
        touchpoint,
        segment,
        customer_key,
        count(*) as journey_count,
        sum(is_complete) as complete_journey_count,
        sum(is_ended) as ended_journey_count
    from reached
    group by touchpoint, segment, customer_key
),

travellers as (
    select * from travelled
    union all
    select
        touchpoint,
        'all' as segment,
        customer_key,
        sum(journey_count) as journey_count,
        sum(complete_journey_count) as complete_journey_count,
        sum(ended_journey_count) as ended_journey_count
    from travelled
    group by touchpoint, customer_key
),

counted as (
    select
        touchpoint,
        segment,
        count(*) as customer_count,
        sum(journey_count) as journey_count,
        sum(complete_journey_count) as complete_journey_count,
        sum(ended_journey_count) as ended_journey_count
    from travellers
    group by touchpoint, segment
),

segmented as (
    select
        seen.*,
        'all' as seen_segment
    from seen
    union all
    select
        seen.*,
        segment as seen_segment
    from seen
),

measured as (
    select
        seen_segment as segment,
        touchpoint,
        min(cast(is_asked_about as integer)) = 1 as is_asked_about,
        count(*) as visit_count,
        avg(cast(step_number as double)) as mean_position,
        sum(promise_count) as promise_count,
        sum(broken_promise_count) as broken_promise_count,
        count(visit_score) as scored_visit_count,
        avg(visit_score) as mean_score,
        var_samp(visit_score) as score_variance
    from segmented
    group by seen_segment, touchpoint
),

final as (
    select
        measured.segment,
        measured.touchpoint,
        case when measured.is_asked_about then 'answers_about_it' else 'next_answer' end as score_basis,
        cast(measured.visit_count as bigint) as visit_count,
        cast(counted.journey_count as bigint) as journey_count,
        cast(counted.customer_count as bigint) as customer_count,
        {{ steady('measured.mean_position') }} as mean_position,
        cast(counted.complete_journey_count as bigint) as complete_journey_count,
        cast(counted.ended_journey_count as bigint) as ended_journey_count,
        cast(measured.promise_count as bigint) as promise_count,
        cast(measured.broken_promise_count as bigint) as broken_promise_count,
        cast(measured.scored_visit_count as bigint) as scored_visit_count,
        {{ steady('measured.mean_score') }} as mean_score,
        {{ steady('measured.score_variance') }} as score_variance
    from measured
    inner join counted on measured.segment = counted.segment and measured.touchpoint = counted.touchpoint
)

select * from final
